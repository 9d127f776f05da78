# library.cmake - cilp::cilp, one archive with all that a call needs, mbedTLS in
# it: what an installed package gives under that name, and what the project
# gives that has this one as a folder (add_subdirectory, FetchContent).
#
# One archive, because its parts call each other in a circle.
foreach(part IN LISTS parts)
    list(APPEND objects $<TARGET_OBJECTS:${part}>)
endforeach()
add_library(cilp_library STATIC EXCLUDE_FROM_ALL ${objects})
add_library(cilp::cilp ALIAS cilp_library)
set_target_properties(cilp_library PROPERTIES LINKER_LANGUAGE C
    OUTPUT_NAME cilp EXPORT_NAME cilp
    ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
target_link_libraries(cilp_library INTERFACE
    $<BUILD_INTERFACE:cilp_headers> $<BUILD_INTERFACE:cilp_mbedtls_headers>)
if(TARGET cilp_lwip)
    # lwIP is the firmware's, and not in it.
    target_link_libraries(cilp_library INTERFACE $<BUILD_INTERFACE:cilp_lwip>)
endif()
target_compile_features(cilp_library INTERFACE c_std_11)

# The program is optimised as a whole from an intermediate form that no other
# compiler can read. Here the objects get machine code as well, and the archive
# keeps that alone.
if(CMAKE_INTERPROCEDURAL_OPTIMIZATION AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
    foreach(part IN LISTS parts)
        target_compile_options(${part} PRIVATE -ffat-lto-objects)
    endforeach()
    add_custom_command(TARGET cilp_library POST_BUILD COMMAND ${CMAKE_STRIP}
        --strip-unneeded --enable-deterministic-archives
        -R .comment -R ".gnu.lto_*" -R ".gnu.debuglto_*"
        -N __gnu_lto_slim -N __gnu_lto_v1 $<TARGET_FILE:cilp_library>
        VERBATIM)
endif()
