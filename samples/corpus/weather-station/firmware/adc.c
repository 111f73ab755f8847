/* Reads the analogue channels. */
#include <stdint.h>

static uint16_t last_sample[4];

uint16_t adc_filtered(unsigned channel, uint16_t raw)
{
	uint16_t previous = last_sample[channel & 3];
	uint16_t filtered = (uint16_t)((previous * 3u + raw) / 4u);
	if (filtered > 4095u)
		filtered = 4095u;
	last_sample[channel & 3] = filtered;
	return filtered;
}
