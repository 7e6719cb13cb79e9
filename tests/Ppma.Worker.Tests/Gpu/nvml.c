/* Stands in for NVIDIA's NVML: two devices, of which the second is a part of a GPU that tells neither utilisation nor power. */
#include <string.h>

enum { SUCCESS = 0, INVALID = 2, NOT_SUPPORTED = 3, NOT_FOUND = 6 };
typedef struct { int id; } device;
typedef struct { unsigned long long total, free, used; } memory;
typedef struct { unsigned int gpu, memory; } rates;
static device devices[2] = {{0}, {1}};
static int running;

int nvmlInit_v2(void) { running = 1; return SUCCESS; }
int nvmlShutdown(void) { running = 0; return SUCCESS; }

int nvmlDeviceGetHandleByIndex_v2(unsigned int index, device **found)
{
    if (!running || index > 1) return INVALID;
    *found = &devices[index];
    return SUCCESS;
}

int nvmlDeviceGetHandleByUUID(const char *uuid, device **found)
{
    if (strcmp(uuid, "GPU-1") != 0) return NOT_FOUND;
    *found = &devices[1];
    return SUCCESS;
}

int nvmlDeviceGetName(device *d, char *name, unsigned int length)
{
    strncpy(name, d->id == 0 ? "NVIDIA H100 80GB HBM3" : "NVIDIA A100-SXM4-40GB MIG 1g.5gb", length);
    return SUCCESS;
}

int nvmlDeviceGetMemoryInfo(device *d, memory *m)
{
    m->total = 85899345920ULL >> d->id;
    m->used = 5000000000ULL;
    m->free = m->total - m->used;
    return SUCCESS;
}

int nvmlDeviceGetUtilizationRates(device *d, rates *r)
{
    if (d->id == 1) return NOT_SUPPORTED;
    r->gpu = 73;
    r->memory = 40;
    return SUCCESS;
}

int nvmlDeviceGetPowerUsage(device *d, unsigned int *milliwatts)
{
    if (d->id == 1) return NOT_SUPPORTED;
    *milliwatts = 412500;
    return SUCCESS;
}

int nvmlDeviceGetTemperature(device *d, int sensor, unsigned int *celsius)
{
    if (sensor != 0) return INVALID;
    *celsius = 61 - d->id;
    return SUCCESS;
}
