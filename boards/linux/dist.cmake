# dist.cmake - the release: stripped programs of four architectures, an SBOM,
# the licences of what is in them, SHA-256 sums. `cmake --build --preset linux
# --target dist` runs it.
#
#   cmake -DSOURCE= -DBUILD= -DVERSION= -DHOST= -P dist.cmake
#
# BUILD is the build of this machine's program (its folder's name and
# "-arm64", ... are the others'), BUILD/dist the result. All four are made of
# the same third parties. Equal sources and compilers give equal bytes,
# wherever and whenever.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/source_id.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/../sbom.cmake)

if(NOT HOST STREQUAL "x86_64")
    message(FATAL_ERROR "dist: made on x86-64 machines; this is ${HOST}. "
        "Presets linux, linux-arm64, ... build single programs")
endif()

function(_build_foreign preset build)
    # Its own compiler flags, not those of the make that runs this.
    unset(ENV{MAKEFLAGS})
    foreach(words "--preset;${preset};-S;${SOURCE};-B;${build};-C;${BUILD}/generated/given.cmake"
            "--build;${build};--parallel;2;--target;cilp")
        execute_process(COMMAND ${CMAKE_COMMAND} ${words}
            WORKING_DIRECTORY ${SOURCE} RESULT_VARIABLE failed)
        if(failed)
            message(FATAL_ERROR "dist: the build of ${preset} failed")
        endif()
    endforeach()
endfunction()

function(_strip build to)
    include(${build}/generated/made_of.cmake)
    execute_process(COMMAND ${CILP_MADE_STRIP} --strip-all -R .comment
        -o "${to}" ${build}/cilp COMMAND_ERROR_IS_FATAL ANY)
    file(CHMOD "${to}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
        GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
endfunction()

# What may not be said of a source that has no hash.
include(${BUILD}/generated/given.cmake)
foreach(name MBEDTLS_SOURCE_DIR JSMN_SOURCE_DIR)
    if(${name} AND IS_DIRECTORY "${${name}}")
        message(FATAL_ERROR "dist: ${name} is a folder, ${${name}}: a release "
            "is made of the pinned file, so that its SBOM can name it")
    endif()
endforeach()

set(dist ${BUILD}/dist)
file(REMOVE_RECURSE ${dist})
file(MAKE_DIRECTORY ${dist})
set(programs "")
foreach(arch amd64 arm64 armhf riscv64)
    set(build ${BUILD})
    if(NOT arch STREQUAL "amd64")
        set(build ${BUILD}-${arch})
        _build_foreign(linux-${arch} ${build})
    endif()
    set(name cilp-${VERSION}-linux-${arch})
    _strip(${build} ${dist}/${name})
    list(APPEND programs "${name}|${build}")
endforeach()

cilp_source_id(${SOURCE} id date)
cilp_sbom(${dist}/cilp-${VERSION}.spdx.json "${programs}")
cilp_licences(${dist}/cilp-${VERSION}-licences.txt)

# As sha256sum writes and checks them.
set(sums "")
file(GLOB files RELATIVE ${dist} ${dist}/*)
foreach(file IN LISTS files)
    file(SHA256 ${dist}/${file} sum)
    string(APPEND sums "${sum}  ${file}\n")
    file(SIZE ${dist}/${file} size)
    message(STATUS "${file}: ${size} bytes")
endforeach()
file(WRITE ${dist}/SHA256SUMS "${sums}")
message(STATUS "The release is in ${dist}; made of commit ${id}")
