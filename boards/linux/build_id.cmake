# Writes OUT, a header with the git id of SOURCE, unless it says so already.
# Run at each build: a commit changes no file that CMake would look at.
include(${CMAKE_CURRENT_LIST_DIR}/source_id.cmake)
cilp_source_id(${SOURCE} id date)
file(CONFIGURE OUTPUT ${OUT} CONTENT "#define CILP_GIT_ID \"${id}\"\n")
