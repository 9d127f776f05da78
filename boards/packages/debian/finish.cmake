# finish.cmake - what Debian's policy wants in a package beyond what any
# installation has. Run by cpack, before it packs the staged files.
unset(ENV{DESTDIR})     # cpack's; file(INSTALL) would put it in front
set(share ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share)
set(folder OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
    WORLD_READ WORLD_EXECUTE)

function(place file to name)
    file(INSTALL ${file} DESTINATION ${share}/${to} RENAME ${name}
        FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ
        DIRECTORY_PERMISSIONS ${folder})
endfunction()

# Policy 12.7: who says so, and since when. With SOURCE_DATE_EPOCH the same
# package comes out at any time.
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(version ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})
set(changelog ${CPACK_TOPLEVEL_DIRECTORY}/changelog)
file(WRITE ${changelog} "cilp (${version}) unstable; urgency=medium\n\n"
    "  * Package ${CPACK_PACKAGE_VERSION}.\n\n"
    " -- ${CPACK_PACKAGE_CONTACT}  ${now}\n")
place(${changelog} doc/cilp changelog.Debian)
place(${CMAKE_CURRENT_LIST_DIR}/copyright doc/cilp copyright)
place(${CMAKE_CURRENT_LIST_DIR}/lintian-overrides lintian/overrides cilp)

# Debian wants all terms in that one file; it has those of all but musl's parts.
if(NOT EXISTS ${share}/doc/cilp/LICENSE.musl)
    message(FATAL_ERROR "musl's licence has to go with the program, and is not "
        "at hand: name it with -DCILP_MUSL_LICENCE= and configure again")
endif()
place(${share}/doc/cilp/LICENSE.musl doc/cilp musl.copyright)
file(GLOB licences ${share}/doc/cilp/LICENSE*)
file(REMOVE ${licences})

# Debian's zsh looks here for what packages bring.
if(EXISTS ${share}/zsh/site-functions/_cilp)
    place(${share}/zsh/site-functions/_cilp zsh/vendor-completions _cilp)
    file(REMOVE_RECURSE ${share}/zsh/site-functions)
endif()

execute_process(COMMAND ${CPACK_CILP_STRIP} --strip-all -R .comment -R .note
    ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/bin/cilp COMMAND_ERROR_IS_FATAL ANY)
foreach(file doc/cilp/changelog.Debian man/man1/cilp.1)
    execute_process(COMMAND gzip -9n ${share}/${file} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
