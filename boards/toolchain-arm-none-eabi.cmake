# Bare metal on Arm: gcc and newlib, of which nothing but memcpy and its like
# is linked. The board's own flags (-mcpu=...) are in its board.cmake.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
