# image.cmake - an image without one of three things builds, and fails where it
# is used: without trust anchors it can verify nobody, without random bytes
# there is no key, without a credential source there is nothing to sign with.
# cilp_image(TARGET) looks for them in the sources that TARGET is linked from,
# and stops the build with the reason.

# The C sources of `target` itself.
function(_cilp_own_sources target variable)
    set(files "")
    get_target_property(dir ${target} SOURCE_DIR)
    get_target_property(sources ${target} SOURCES)
    foreach(file IN LISTS sources)
        get_filename_component(file "${file}" ABSOLUTE BASE_DIR ${dir})
        if(file MATCHES "\\.c$" AND EXISTS "${file}")
            list(APPEND files ${file})
        endif()
    endforeach()
    set(${variable} "${files}" PARENT_SCOPE)
endfunction()

# The same of all that it links, too.
function(_cilp_image_sources target variable)
    set(todo ${target})
    set(seen "")
    set(files "")
    while(todo)
        list(POP_FRONT todo name)
        if(NOT TARGET "${name}" OR name IN_LIST seen)
            continue()
        endif()
        list(APPEND seen ${name})
        _cilp_own_sources(${name} own)
        list(APPEND files ${own})
        foreach(property IN ITEMS LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
            get_target_property(found ${name} ${property})
            if(found)
                # Names may stand in generator expressions: take those apart.
                string(REGEX REPLACE "[$<>:,]" ";" found "${found}")
                list(APPEND todo ${found})
            endif()
        endforeach()
    endwhile()
    set(${variable} "${files}" PARENT_SCOPE)
endfunction()

# Stop with the reason, the other arguments, unless a line of `files` matches.
function(_cilp_image_has target files regex)
    foreach(file IN LISTS files)
        file(STRINGS ${file} lines REGEX "${regex}")
        if(lines)
            set_property(DIRECTORY APPEND PROPERTY
                CMAKE_CONFIGURE_DEPENDS ${file})
            return()
        endif()
    endforeach()
    list(JOIN ARGN "" reason)
    message(FATAL_ERROR "The image ${target} has no ${reason}")
endfunction()

function(cilp_image target)
    _cilp_image_sources(${target} files)
    _cilp_image_has(${target} "${files}" "^ *{root_[0-9]+, sizeof"
        "trust anchor: it could verify nobody. port/mbedtls/roots.py writes "
        "port/mbedtls/roots.c.")
    _cilp_image_has(${target} "${files}" "^bool cilp_port_entropy\\("
        "source of random bytes: without them no TLS. Link a port that "
        "defines cilp_port_entropy() (port/port.h).")
    # What a library offers is not what the image uses: its own files name it.
    _cilp_own_sources(${target} files)
    _cilp_image_has(${target} "${files}"
        "&cilp_creds_[a-z]+|cilp_chain_choose\\("
        "credential source: there would be nothing to sign with. Name one, "
        "such as &cilp_creds_static (core/creds.h), or call cilp_chain_choose() "
        "(port/awscli/chain.h).")
endfunction()
