# sbom.cmake - what an image is made of: an SBOM in SPDX 2.3
# (https://spdx.github.io/spdx-spec/v2.3/), and the licences, whose notices go
# with every copy. Part of linux/dist.cmake, of the programs of a release, and
# of firmware_sbom.cmake, of a firmware: SOURCE, VERSION, id and date are theirs;
# versions and hashes are those of port/third_party.cmake.
include(${CMAKE_CURRENT_LIST_DIR}/../port/licences.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/../port/third_party.cmake)

# One row a part: licence | supplier | its names in the lists of CVEs (CPE),
# with a comma between (a list renames a part, and not all follow), or nothing |
# the file with its notices (musl's: CILP_MUSL_LICENCE)
set(_cilp_about_mbedtls
    "Apache-2.0 OR GPL-2.0-or-later|Organization: Mbed TLS Contributors|trustedfirmware:mbed_tls,arm:mbed_tls|LICENSE")
set(_cilp_about_jsmn "MIT|Person: Serge Zaitsev||jsmn.h")
set(_cilp_about_tf-psa-crypto
    "Apache-2.0 OR GPL-2.0-or-later|Organization: Mbed TLS Contributors||LICENSE")
set(_cilp_about_lwip
    "BSD-3-Clause|Organization: The lwIP developers|lwip_project:lwip|COPYING")
set(_cilp_about_musl
    "MIT|Organization: The musl authors|musl-libc:musl|")
# Both of many authors, each with terms of their own.
set(_cilp_about_newlib
    "NOASSERTION|Organization: The newlib authors|newlib_project:newlib|")
set(_cilp_about_picolibc
    "NOASSERTION|Organization: The Picolibc authors||")
set(_cilp_about_libc "NOASSERTION|NOASSERTION||")
set(_cilp_about_libgcc
    "GPL-3.0-or-later WITH GCC-exception-3.1|Organization: Free Software Foundation|gnu:gcc|")

# The licence, supplier, ... of a part in the caller's a_licence, ...
macro(_about name)
    if(NOT DEFINED _cilp_about_${name})
        message(FATAL_ERROR "SBOM: nothing is known of ${name}'s licence: "
            "boards/sbom.cmake")
    endif()
    string(REPLACE "|" ";" _fields "${_cilp_about_${name}}")
    list(GET _fields 0 a_licence)
    list(GET _fields 1 a_supplier)
    list(GET _fields 2 a_cpe)
    list(GET _fields 3 a_notices)
endmacro()

# `name` of the pins: p_version, ... of the one with the bytes that were used. Of
# others, which the user has given: the version that lies in `folder`.
macro(_used_pin name sha256 folder)
    set(_found "")
    foreach(_row IN LISTS _cilp_${name}_pins)
        _cilp_pin("${_row}")
        if(p_sha256 STREQUAL "${sha256}")
            set(_found "${_row}")
            break()
        endif()
    endforeach()
    if(NOT _found)
        set(p_sha256 "${sha256}")
        set(p_file "${name}")
        set(p_url NOASSERTION)
        _cilp_version("${folder}/${_cilp_${name}_marker}" p_version)
        if(NOT p_version)
            message(FATAL_ERROR "SBOM: ${name} in ${folder} tells no version")
        endif()
    endif()
endmacro()

# The folder of `name` in a build: as given, or as unpacked.
function(_part_folder build name variable)
    set(found "${CILP_MADE_DIR_${name}}")
    file(GLOB unpacked LIST_DIRECTORIES true ${build}/third_party/${name}
        ${build}/third_party/${name}/*)
    foreach(folder IN LISTS unpacked)
        if(NOT found AND EXISTS "${folder}/${_cilp_${name}_marker}")
            set(found ${folder})
        endif()
    endforeach()
    set(${variable} "${found}" PARENT_SCOPE)
endfunction()

# mbedTLS 4.x brings its cryptography as a project of its own, with a version of
# its own. "": an older one.
function(_crypto_version mbedtls variable)
    set(file "${mbedtls}/tf-psa-crypto/include/tf-psa-crypto/build_info.h")
    set(version "")
    if(EXISTS "${file}")
        file(STRINGS "${file}" version REGEX
            "define +TF_PSA_CRYPTO_VERSION_STRING +\"")
        string(REGEX REPLACE ".*\"([0-9.]+)\".*" "\\1" version "${version}")
    endif()
    set(${variable} "${version}" PARENT_SCOPE)
endfunction()

# The third parties in a build, as "name=SHA-256"; the stamps of
# port/third_party.cmake say so.
function(_third_parties build variable)
    file(GLOB stamps ${build}/third_party/*.sha256)
    set(parts "")
    foreach(stamp IN LISTS stamps)
        get_filename_component(name ${stamp} NAME_WE)
        file(READ ${stamp} sha256)
        list(APPEND parts "${name}=${sha256}")
    endforeach()
    set(${variable} "${parts}" PARENT_SCOPE)
endfunction()

# musl's version and the SHA-256 of the libc.a that a build linked.
function(_musl build version sha256)
    include(${build}/generated/made_of.cmake)
    file(STRINGS ${CILP_MADE_LIBC} lines REGEX "^1\\.[0-9]+\\.[0-9]+$")
    list(GET lines 0 line)
    file(SHA256 ${CILP_MADE_LIBC} sum)
    set(${version} ${line} PARENT_SCOPE)
    set(${sha256} ${sum} PARENT_SCOPE)
endfunction()

# Appends to the caller's `packages` / `relationships`.
macro(_package text)
    string(CONFIGURE "${text}" _json @ONLY)
    list(APPEND packages "${_json}")
endmacro()
macro(_part_package)
    set(at "@")
    set(cpe "")
    set(checksum "")
    if(p_sha256) # an unpacked folder has none
        string(CONFIGURE "${_cilp_checksum_json}" checksum @ONLY)
    endif()
    string(REPLACE "," ";" a_names "${a_cpe}")
    foreach(a_name IN LISTS a_names)
        string(CONFIGURE "${_cilp_cpe_json}" one @ONLY)
        string(APPEND cpe "${one}")
    endforeach()
    _package("${_cilp_part_json}")
endmacro()
macro(_relationship from type to)
    list(APPEND relationships "    {\"spdxElementId\": \"SPDXRef-${from}\", \
\"relationshipType\": \"${type}\", \"relatedSpdxElement\": \"SPDXRef-${to}\"}")
endmacro()

set(_cilp_source_json [[
    {
      "SPDXID": "SPDXRef-Source",
      "name": "cilp",
      "versionInfo": "@VERSION@",
      "sourceInfo": "commit @id@",
      "supplier": "Organization: the cilp authors",
      "downloadLocation": "NOASSERTION",
      "filesAnalyzed": false,
      "licenseDeclared": "MIT",
      "licenseConcluded": "MIT",
      "copyrightText": "Copyright (c) 2026 the cilp authors",
      "primaryPackagePurpose": "SOURCE"
    }]])
set(_cilp_program_json [[
    {
      "SPDXID": "SPDXRef-Program-@arch@",
      "name": "@name@",
      "versionInfo": "@VERSION@",
      "packageFileName": "@name@",
      "supplier": "Organization: the cilp authors",
      "downloadLocation": "NOASSERTION",
      "filesAnalyzed": false,
      "checksums": [{"algorithm": "SHA256", "checksumValue": "@sum@"}],
      "licenseDeclared": "NOASSERTION",
      "licenseConcluded": "NOASSERTION",
      "copyrightText": "NOASSERTION",
      "comment": "Compiled by @compiler@",
      "primaryPackagePurpose": "APPLICATION"
    }]])
set(_cilp_cpe_json [[
,
        {"referenceCategory": "SECURITY", "referenceType": "cpe23Type",
         "referenceLocator": "cpe:2.3:a:@a_name@:@p_version@:*:*:*:*:*:*:*"}]])
set(_cilp_part_json [[
    {
      "SPDXID": "SPDXRef-@spdxid@",
      "name": "@part@",
      "versionInfo": "@p_version@",
      "packageFileName": "@p_file@",@from@
      "supplier": "@a_supplier@",
      "downloadLocation": "@p_url@",
      "filesAnalyzed": false,@checksum@
      "licenseDeclared": "@a_licence@",
      "licenseConcluded": "NOASSERTION",
      "copyrightText": "NOASSERTION",
      "externalRefs": [
        {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
         "referenceLocator": "pkg:generic/@part@@at@@p_version@"}@cpe@
      ],
      "primaryPackagePurpose": "LIBRARY"
    }]])
set(_cilp_checksum_json [[

      "checksums": [{"algorithm": "SHA256", "checksumValue": "@p_sha256@"}],]])
set(_cilp_document_json [[
{
  "spdxVersion": "SPDX-2.3",
  "dataLicense": "CC0-1.0",
  "SPDXID": "SPDXRef-DOCUMENT",
  "name": "cilp-@VERSION@",
  "documentNamespace": "https://spdx.org/spdxdocs/cilp-@VERSION@-@unique@",
  "creationInfo": {
    "created": "@created@",
    "creators": ["Tool: cilp-dist-@VERSION@"]
  },
  "packages": [
@packages@
  ],
  "relationships": [
@relationships@
  ]
}
]])

# The program `name` out of `build`, the caller's: itself, its libc, its third
# parties, which all programs share.
macro(_program)
    string(REGEX REPLACE ".*-" "" arch ${name})
    get_filename_component(dir ${to} DIRECTORY)
    file(SHA256 ${dir}/${name} sum)
    string(APPEND sums ${sum})
    include(${build}/generated/made_of.cmake)
    set(compiler "${CILP_MADE_COMPILER}")
    list(APPEND users Program-${arch})
    _package("${_cilp_program_json}")
    _relationship(DOCUMENT DESCRIBES Program-${arch})
    _relationship(Program-${arch} GENERATED_FROM Source)

    _third_parties(${build} _parts)
    if(NOT DEFINED parts)
        set(parts "${_parts}")
    elseif(NOT _parts STREQUAL parts)
        message(FATAL_ERROR "dist: the programs are made of different third "
            "parties: ${parts}; ${_parts}. Configure the presets anew")
    endif()
    foreach(_part IN LISTS parts)
        string(REGEX REPLACE "=.*" "" _part ${_part})
        _relationship(Program-${arch} STATIC_LINK Part-${_part})
    endforeach()

    set(part musl)
    _musl(${build} p_version p_sha256)
    _about(musl)
    set(p_file libc.a)
    if(CILP_MADE_LIBC_PACKAGE)
        set(from "\n      \"sourceInfo\": \"${CILP_MADE_LIBC_PACKAGE}\",")
    endif()
    set(p_url NOASSERTION)
    set(spdxid Libc-${arch})
    _part_package()
    set(from "")
    _relationship(Program-${arch} STATIC_LINK ${spdxid})
endmacro()

# What programs share: `parts`, rows of name=SHA-256, of `build`; `users` are
# the ids of all that is linked from them.
macro(_shared_parts build parts users)
    foreach(row IN LISTS ${parts})
        string(REGEX REPLACE "=.*" "" part "${row}")
        string(REGEX REPLACE ".*=" "" sha256 "${row}")
        _part_folder(${build} ${part} _folder)
        _used_pin(${part} "${sha256}" "${_folder}")
        _about(${part})
        set(spdxid Part-${part})
        _part_package()
    endforeach()
    _part_folder(${build} mbedtls _folder)
    _crypto_version("${_folder}" p_version)
    if(p_version)
        set(part tf-psa-crypto)
        set(p_sha256 "")
        set(p_file tf-psa-crypto)
        set(p_url NOASSERTION)
        _about(${part})
        set(spdxid Part-${part})
        _part_package()
        _relationship(Part-mbedtls CONTAINS ${spdxid})
        foreach(user IN LISTS ${users})
            _relationship(${user} STATIC_LINK ${spdxid})
        endforeach()
    endif()
endmacro()

# The document out of `packages`, `relationships` and `sums`.
macro(_write_document to)
    string(SHA256 unique "${sums}")
    set(ENV{SOURCE_DATE_EPOCH} ${date})
    string(TIMESTAMP created "%Y-%m-%dT%H:%M:%SZ" UTC)
    list(JOIN packages ",\n" packages)
    list(JOIN relationships ",\n" relationships)
    string(CONFIGURE "${_cilp_document_json}" text @ONLY)
    file(WRITE ${to} "${text}")
endmacro()

# Write the SBOM to `to`; `programs` are rows of name|build, lying beside it.
function(cilp_sbom to programs)
    set(packages "")
    set(relationships "")
    set(sums "")
    set(from "")
    set(users "")
    unset(parts)
    _package("${_cilp_source_json}")
    foreach(program IN LISTS programs)
        string(REGEX REPLACE "\\|.*" "" name "${program}")
        string(REGEX REPLACE ".*\\|" "" build "${program}")
        _program()
    endforeach()
    _shared_parts(${BUILD} parts users)
    _write_document(${to})
endfunction()

# Write to `to` the SBOM of the firmware `image` of a board, out of `build`, whose
# generated/made_of.cmake names its compiler and the compiler's libraries.
function(cilp_firmware_sbom to image board build)
    set(packages "")
    set(relationships "")
    set(from "")
    set(arch ${board})
    set(users Program-${arch})
    include(${build}/generated/made_of.cmake)
    set(compiler "${CILP_MADE_COMPILER}")
    get_filename_component(name ${image} NAME)
    file(SHA256 ${image} sum)
    set(sums ${sum})
    _package("${_cilp_source_json}")
    _package("${_cilp_program_json}")
    _relationship(DOCUMENT DESCRIBES Program-${arch})
    _relationship(Program-${arch} GENERATED_FROM Source)
    _third_parties(${build} parts)
    foreach(given mbedtls jsmn lwip)
        set(_dir "${CILP_MADE_DIR_${given}}")
        if(_dir AND given STREQUAL "jsmn") # one file, which is held to its pin
            file(SHA256 ${_dir}/jsmn.h sum)
            list(APPEND parts "jsmn=${sum}")
        elseif(_dir)
            list(APPEND parts "${given}=")
        endif()
    endforeach()
    foreach(row IN LISTS parts)
        string(REGEX REPLACE "=.*" "" part "${row}")
        _relationship(Program-${arch} STATIC_LINK Part-${part})
    endforeach()
    _shared_parts(${build} parts users)
    # name|version|file
    foreach(row IN LISTS CILP_MADE_LIBRARIES)
        string(REPLACE "|" ";" row "${row}")
        list(GET row 0 part)
        list(GET row 1 p_version)
        list(GET row 2 file)
        file(SHA256 "${file}" p_sha256)
        get_filename_component(p_file "${file}" NAME)
        set(p_url NOASSERTION)
        _about(${part})
        set(spdxid Part-${part})
        _part_package()
        _relationship(Program-${arch} STATIC_LINK ${spdxid})
    endforeach()
    _write_document(${to})
endfunction()

# Append to `to` the notices of one part out of `file`.
function(_notices to part file)
    if(NOT EXISTS "${file}")
        message(FATAL_ERROR "dist: ${part}'s notices are not in ${file}")
    endif()
    cilp_notices("${file}" text)
    file(APPEND ${to} "==== ${part}\n\n${text}\n")
endfunction()

# Write to `to` the notices of all that is in the programs.
function(cilp_licences to)
    file(WRITE ${to} "What cilp ${VERSION} is made of, and under which terms.\n\n")
    _notices(${to} cilp ${SOURCE}/LICENSE)
    _third_parties(${BUILD} parts)
    foreach(part IN LISTS parts)
        string(REGEX REPLACE "=.*" "" part ${part})
        _about(${part})
        set(dir ${BUILD}/third_party/${part})
        file(GLOB files ${dir}/${a_notices} ${dir}/*/${a_notices})
        list(APPEND files ${dir}/${a_notices})
        list(GET files 0 file)
        _notices(${to} ${part} ${file})
    endforeach()
    _part_folder(${BUILD} mbedtls folder)
    _crypto_version("${folder}" version)
    if(version)
        _notices(${to} tf-psa-crypto ${folder}/tf-psa-crypto/LICENSE)
    endif()
    include(${BUILD}/generated/made_of.cmake)
    _notices(${to} musl "${CILP_MADE_LIBC_LICENCE}")
endfunction()
