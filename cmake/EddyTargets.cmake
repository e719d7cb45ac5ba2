# How every target of Eddy is built: C++20, warnings are errors, one static library a folder.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# `all_verify_interface_header_sets`, outside `all`: each public header must compile by itself.
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

set(EDDY_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Paths below the checkout count as relative, so that every checkout of a machine shares what ccache keeps; without the
  # sloppiness it keeps nothing that has a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=true
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "${CCACHE_PROGRAM}")
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

# RelWithDebInfo: full optimisation; -g1 is enough for perf and for stack traces.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O3 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -D_GLIBCXX_ASSERTIONS")

if(EDDY_SANITIZE)
  add_compile_options(-fsanitize=${EDDY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${EDDY_SANITIZE})
endif()

add_library(eddy_warnings INTERFACE)
target_compile_options(eddy_warnings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
# GCC 12 sees overlapping copies in `"text" + std::string` where there are none (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(eddy_warnings INTERFACE -Wno-restrict)
endif()

# eddy_precompile(TARGET <a.hpp> …): headers of others that most of the target's sources include, compiled once. Each source
# includes all the same what it uses.
function(eddy_precompile target)
  target_precompile_headers(${target} PRIVATE ${ARGN})
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)  # for ccache
endfunction()

# eddy_library(NAME SOURCES a.cpp … HEADERS a.h … DEPENDS eddy::base … PRIVATE third::party …)
# Headers are reached from the top of the tree: #include "event/event.h".
function(eddy_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;DEPENDS;PRIVATE" ${ARGN})
  if(ARG_SOURCES)
    add_library(eddy_${name} STATIC ${ARG_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(eddy_${name} PRIVATE $<BUILD_INTERFACE:eddy_warnings> ${ARG_PRIVATE})
  else()
    add_library(eddy_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(eddy::${name} ALIAS eddy_${name})
  set_target_properties(eddy_${name} PROPERTIES EXPORT_NAME ${name})
  target_sources(eddy_${name} ${scope} FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${ARG_HEADERS})
  target_compile_features(eddy_${name} ${scope} cxx_std_20)
  target_link_libraries(eddy_${name} ${scope} ${ARG_DEPENDS})
  set_property(GLOBAL APPEND PROPERTY EDDY_LIBRARIES eddy_${name})
endfunction()
