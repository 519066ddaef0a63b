import type { TalkingDevice } from './device.ts'
import * as enocean from './esp3/senders.ts'
import { ld6002, ld6002b, ld6002c, mr60fda2 } from './hilink-radar/radars.ts'
import { ld2410 } from './ld2410/radar.ts'
import { ev1527Button, ev1527Contact } from './portisch/senders.ts'
import { mr24hpc1, mr60bha1, mr60fda1 } from './radar-5359/radars.ts'
import * as rfxcom from './rfxcom/senders.ts'

/** Behind a receiver each is made with its sender; a radar has none, and is alone on its line. */
export const talkingDevices: readonly { readonly name: string; readonly make: (sender: string) => TalkingDevice }[] = [
  { name: '433 MHz button', make: ev1527Button },
  { name: '433 MHz contact', make: ev1527Contact },
  { name: 'EnOcean contact', make: enocean.doorContact },
  { name: 'EnOcean motion detector', make: enocean.motionDetector },
  { name: 'EnOcean pendant', make: enocean.pendant },
  { name: 'EnOcean thermometer', make: enocean.roomThermometer },
  { name: 'EnOcean thermometer and hygrometer', make: enocean.roomClimate },
  { name: 'EnOcean water detector', make: enocean.waterDetector },
  { name: 'LD2410', make: ld2410 },
  { name: 'LD6002', make: ld6002 },
  { name: 'LD6002B', make: ld6002b },
  { name: 'LD6002C', make: ld6002c },
  { name: 'MR24HPC1', make: mr24hpc1 },
  { name: 'MR60BHA1', make: mr60bha1 },
  { name: 'MR60FDA1', make: mr60fda1 },
  { name: 'MR60FDA2', make: mr60fda2 },
  { name: 'RFXCOM 433 MHz button', make: rfxcom.lighting4Button },
  { name: 'RFXCOM motion detector', make: rfxcom.motionDetector },
  { name: 'RFXCOM panic pendant', make: rfxcom.panicPendant },
  { name: 'RFXCOM smoke detector', make: rfxcom.smokeDetector },
  { name: 'RFXCOM thermometer and hygrometer', make: rfxcom.thermometer },
]
