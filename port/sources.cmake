# sources.cmake - the sources of a layer, for every build that is made by CMake: this
# project's, and those of RTOSes (boards/packages).

# cilp_sources(VARIABLE FOLDER...): what the sources.list of each folder names, absolute.
function(cilp_sources variable)
    get_filename_component(root ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/.. ABSOLUTE)
    set(files "")
    foreach(folder IN LISTS ARGN)
        set(list ${root}/${folder}/sources.list)
        file(STRINGS ${list} lines REGEX "^[^#]")
        list(TRANSFORM lines PREPEND ${root}/)
        list(APPEND files ${lines})
        if(NOT CMAKE_SCRIPT_MODE_FILE)
            set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
        endif()
    endforeach()
    set(${variable} ${files} PARENT_SCOPE)
endfunction()
