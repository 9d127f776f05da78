# firmware_sbom.cmake - the SBOM beside a firmware's image, made whenever that is.
#
#   cmake -DSOURCE= -DBUILD= -DVERSION= -DBOARD= -DIMAGE= -P firmware_sbom.cmake
#
# BUILD/generated/made_of.cmake says what the image was linked from.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/linux/source_id.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/sbom.cmake)

cilp_source_id(${SOURCE} id date)
string(REGEX REPLACE "\\.elf$" "" to "${IMAGE}")
cilp_firmware_sbom(${to}.spdx.json ${IMAGE} ${BOARD} ${BUILD})
