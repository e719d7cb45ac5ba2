# What an install tree holds: the binary, headers, libraries and find_package(eddy).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(eddy_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/eddy")

# Headers keep their folders below include/eddy, so that #include "event/event.h" reads the same here and there.
get_property(eddy_libraries GLOBAL PROPERTY EDDY_LIBRARIES)
install(TARGETS ${eddy_libraries} EXPORT eddyTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}/eddy"
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/eddy")
if(TARGET eddy)
  # The program alone, for images and packages: cmake --install BUILD --component program
  install(TARGETS eddy RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
endif()

install(EXPORT eddyTargets NAMESPACE eddy:: DESTINATION "${eddy_package_dir}")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/eddyConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/eddyConfig.cmake" INSTALL_DESTINATION "${eddy_package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/eddyConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
file(GLOB eddy_find_modules CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/Find*.cmake")
install(FILES "${PROJECT_BINARY_DIR}/eddyConfig.cmake" "${PROJECT_BINARY_DIR}/eddyConfigVersion.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/EddyDependencies.cmake" ${eddy_find_modules}
  DESTINATION "${eddy_package_dir}")
