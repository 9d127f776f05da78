include $(sort $(wildcard $(BR2_EXTERNAL_CILP_PATH)/package/*/*.mk))
