# library.cmake - cilp::cilp, one archive with all that a call needs, mbedTLS in
# it unless it is given: what an installed package gives under that name, and what the project
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
if(cilp_mbedtls_given)
    # Named, not contained: one mbedTLS in the user's program, which is the user's.
    target_link_libraries(cilp_library INTERFACE
        "$<BUILD_INTERFACE:${cilp_mbedtls_given}>"
        "$<INSTALL_INTERFACE:${cilp_mbedtls_given}>")
endif()
if(TARGET cilp_lwip)    # the firmware's, and not in the archive
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

# ---- Beside another mbedTLS -------------------------------------------------

# cilp::cilp_hidden: the same as one object, in which nothing is visible but
# what begins with cilp_. For a program that links another mbedTLS as well.
# Smaller again where the program is linked with --gc-sections, if the
# compilation had -ffunction-sections. A given mbedTLS has nothing to hide.
if(cilp_mbedtls_given OR NOT CMAKE_OBJCOPY OR NOT CMAKE_LINKER
        OR (CMAKE_INTERPROCEDURAL_OPTIMIZATION
            AND NOT CMAKE_C_COMPILER_ID STREQUAL "GNU"))
    return()
endif()
set(object ${CMAKE_CURRENT_BINARY_DIR}/cilp_hidden.o)
add_custom_command(OUTPUT ${object} DEPENDS cilp_library
    COMMAND ${CMAKE_LINKER} -r -o ${object}
        --whole-archive $<TARGET_FILE:cilp_library>
    COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=cilp_* ${object}
    VERBATIM)
add_library(cilp_hidden STATIC EXCLUDE_FROM_ALL ${object})
add_library(cilp::cilp_hidden ALIAS cilp_hidden)
set_source_files_properties(${object} PROPERTIES
    EXTERNAL_OBJECT ON GENERATED ON)
set_target_properties(cilp_hidden PROPERTIES LINKER_LANGUAGE C
    OUTPUT_NAME cilp-hidden EXPORT_NAME cilp_hidden
    ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
target_link_libraries(cilp_hidden INTERFACE $<BUILD_INTERFACE:cilp_headers>)
if(TARGET cilp_lwip)
    target_link_libraries(cilp_hidden INTERFACE $<BUILD_INTERFACE:cilp_lwip>)
endif()
target_compile_features(cilp_hidden INTERFACE c_std_11)
