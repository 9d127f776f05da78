/*
 * call_models.h - what the models of call_models.c remember for a harness.
 */
#ifndef CILP_CALL_MODELS_H
#define CILP_CALL_MODELS_H

#include <stdbool.h>

extern bool model_whole;
extern bool model_led;
extern unsigned model_bodies;
extern bool model_window_used, model_readers_used, model_room_used;

#endif
