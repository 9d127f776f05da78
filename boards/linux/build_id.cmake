# Writes OUT, a header with the git id of SOURCE, unless it says so already.
# Run at each build: a commit changes no file that CMake would look at.
execute_process(COMMAND git -C ${SOURCE} describe --always --abbrev=7 --dirty
    OUTPUT_VARIABLE id OUTPUT_STRIP_TRAILING_WHITESPACE
    ERROR_QUIET RESULT_VARIABLE failed)
if(failed OR NOT id MATCHES "^[0-9A-Za-z._-]+$")
    set(id unknown)     # an archive of the sources, or no git here
endif()
file(CONFIGURE OUTPUT ${OUT} CONTENT "#define CILP_GIT_ID \"${id}\"\n")
