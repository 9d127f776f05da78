# source_id.cmake - which sources these are, and of when.
#
# cilp_source_id(SOURCE id date): `id` is the commit's, with "-dirty" if files
# differ from it; `date` its second since 1970. Neither depends on where and
# when it is asked for. An archive made by git carries both (.gitattributes);
# other sources without a commit are "unknown", of 0. SOURCE_DATE_EPOCH, if
# set, is the date in any case: https://reproducible-builds.org/specs/
set(_cilp_archived "$Format:%H %ct$")

function(cilp_source_id source id date)
    get_filename_component(source "${source}" REALPATH)
    get_filename_component(above "${source}" DIRECTORY)
    # Not the repository of somebody in whose tree these sources lie.
    set(git ${CMAKE_COMMAND} -E env GIT_CEILING_DIRECTORIES=${above}
        git --no-optional-locks -C ${source})
    set(words "${_cilp_archived}")
    set(suffix "")
    execute_process(COMMAND ${git} log -1 --format=%H\ %ct
        OUTPUT_VARIABLE told OUTPUT_STRIP_TRAILING_WHITESPACE
        ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed)
        set(words "${told}")
        execute_process(COMMAND ${git} status --porcelain -uno
            OUTPUT_VARIABLE changes ERROR_QUIET)
        if(changes)
            set(suffix "-dirty")
        endif()
    endif()
    set(commit "unknown")
    set(second 0)
    if(words MATCHES "^([0-9a-f]+) ([0-9]+)$")
        set(second ${CMAKE_MATCH_2})
        string(SUBSTRING ${CMAKE_MATCH_1} 0 7 commit)
    endif()
    if("$ENV{SOURCE_DATE_EPOCH}" MATCHES "^[0-9]+$")
        set(second $ENV{SOURCE_DATE_EPOCH})
    endif()
    set(${id} "${commit}${suffix}" PARENT_SCOPE)
    set(${date} ${second} PARENT_SCOPE)
endfunction()
