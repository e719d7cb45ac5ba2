# What an install tree holds: the binary, headers, libraries and find_package(eddy).
