import { absent, reading } from '@anju/contract'
import { readHistory } from './history.ts'
import {
  again,
  angles,
  asHex,
  counted,
  digital,
  flag,
  i16,
  type Reader,
  scaled,
  several,
  switches,
  u8,
  u16,
  u32,
} from './readers.ts'
import { readAlarm, readOutOfBed, readOutOfBedRegions, readRegionBits, readRegions, readTarget } from './vs373.ts'

const BUTTONS: Readonly<Record<number, string>> = { 1: 'short', 2: 'long', 3: 'double' }
const CLASSES: Readonly<Record<number, string>> = { 0: 'Class A', 1: 'Class B', 2: 'Class C', 3: 'Class CtoB' }

const temperature = scaled('temperature', 'temperature', i16, 10, [-0x7fff, -0x7ffe])
/** A probe of its own says 0xFFFF when it is not there and 0xFFFD when it is out of range. */
const probe = scaled('temperature', 'temperature', i16, 10, [-1, -3])
const humidity = scaled('humidity', 'relative-humidity', u8, 2, [0xff])
const fineHumidity = scaled('humidity', 'relative-humidity', u16, 10, [0xffff])
const distance = scaled('distance', 'distance', u16, 1_000, [0xfffd, 0xfffe, 0xffff])
const pressure = scaled('pressure', 'atmospheric-pressure', u16, 10, [0xffff])
const co2 = scaled('carbon-dioxide', 'carbon-dioxide', u16, 1, [0xfffe, 0xffff])
const clampCurrent = (perUnit: number) => scaled('current', 'electric-current', u16, perUnit, [0xffff])
const temperatureAlarm = counted('temperatureAlarm', u8)
const changed = counted('temperatureChangeC', i16, 10)

/** GS301 sends hydrogen sulphide where the others send carbon dioxide; it is known by its ammonia, which comes before. */
const gasOrCo2: Reader = (input, readings, words) => {
  if (words.ammoniaPpm === undefined) co2(input, readings, words)
  else words.hydrogenSulphidePpm = input.u16le() / 100
}

/**
 * Channel and type, then the value, low byte first (the vendor's published decoders). A row is here only when all models
 * that send it agree on its length.
 */
export const CHANNELS: Readonly<Record<string, Reader>> = {
  '0175': scaled('battery', 'battery-level', u8, 1),
  '0275': counted('otherBatteryPct', u8),
  '0300': digital(3),
  '0400': digital(4),
  '0500': digital(5),
  '0600': digital(6),
  '0700': digital(7),
  '0A00': digital(10),
  '038E': digital(3),

  '0367': temperature,
  '0267': temperature,
  '0967': probe,
  // A thermostat's wish or a second probe: no temperature of the room.
  '0467': counted('channel4TemperatureC', i16, 10),
  '0468': humidity,
  '0368': humidity,
  '0968': humidity,
  '039A': fineHumidity,
  '049A': fineHumidity,
  '057D': gasOrCo2,
  '077D': co2,
  '0673': pressure,
  '0973': pressure,
  '0665': several(
    scaled('illuminance', 'illuminance', u16, 1),
    counted('visibleAndInfrared', u16),
    counted('infrared', u16),
  ),
  '0394': scaled('illuminance', 'illuminance', u32, 1),
  '06CB': counted('lightLevel', u8),
  '056A': counted('activity', u16),
  '087D': counted('tvoc', u16),
  '08E6': counted('tvocUgM3', u16),
  '0A7D': counted('formaldehydeMgM3', u16, 100),
  '0F7D': counted('formaldehydeMgM3', u16, 1_000),
  '0B7D': counted('pm25UgM3', u16),
  '0C7D': counted('pm10UgM3', u16),
  '0D7D': counted('ozonePpm', u16, 100),
  '047D': counted('ammoniaPpm', u16, 100),
  '0E01': flag('buzzer'),
  '058E': (input, readings) => {
    const raw = input.u8()
    readings.add('gas', 'gas', raw > 1 ? absent('invalid') : reading(raw))
  },
  '0601': flag('valve'),
  '0701': flag('output1'),
  '0801': flag('output2'),
  '0890': counted('lifeRemainingS', u32),
  FF3F: counted('alarmStatus', u8),
  '055B': several(
    counted('weighting', u8),
    counted('soundLevelDb', u16, 10),
    counted('soundLevelEqDb', u16, 10),
    counted('soundLevelMaxDb', u16, 10),
  ),

  '0282': distance,
  '0382': distance,
  '0482': distance,
  '04D6': counted('remainingPct', u8),
  '03CF': several(
    angles((raw) => raw),
    counted('thresholds', u8),
  ),
  // The lowest bit of each angle says whether it is past its threshold.
  '03D4': angles((raw) => raw >> 1),
  '03ED': counted('liquid', u8),
  '04EE': counted('calibration', u8),
  '048E': counted('calibration', u8),
  '0377': counted('depthCm', u16),
  '037B': counted('pressureKpa', i16),
  '057F': counted('conductivityUsCm', u16),
  '04CA': scaled('moisture', 'moisture', u16, 100, [0xfffd, 0xffff]),
  '03C8': counted('counter1', u32),
  '04C8': counted('counter2', u32),
  '05C8': counted('pulse', u32),
  '05E1': asHex('waterConversion', 8),
  FFA0: asHex('sensorId', 9),
  FF15: counted('modbusError', u8),

  '0374': scaled('voltage', 'electric-potential', u16, 10),
  '0480': scaled('active-power', 'active-power', u32, 1),
  '0581': scaled('power-factor', 'power-factor', u8, 100),
  '0683': scaled('active-energy', 'active-energy-import', u32, 1_000),
  '07C9': scaled('current', 'electric-current', u16, 1_000),
  '0397': counted('totalCurrentAh', u32, 100),
  '0498': clampCurrent(100),
  '0499': clampCurrent(10),
  '0599': clampCurrent(10),
  '0699': clampCurrent(10),
  // Bit 0 is the state; bits 4 and 5 say that a change of it was reported.
  '0870': (input, readings) => readings.add('switch', 'switched-on', reading((input.u8() & 1) === 1)),
  '0829': switches,
  FF29: switches,
  '0831': several(counted('switchesChanged', u8), (input, readings, words) => {
    const bits = input.u8()
    for (let n = 1; n <= 8; n++) words[`switch${n}`] = ((bits >> (n - 1)) & 1) === 1
    readings.add('switch', 'switched-on', reading((bits & 1) === 1))
  }),
  FF26: counted('meterEnabled', u8),
  FF2E: (input, _readings, words) => {
    words.button = BUTTONS[input.u8()] ?? null
  },
  FF34: several(counted('buttonId', u8), counted('d2dCommand', u16)),

  '04CC': several(counted('totalIn', u16), counted('totalOut', u16)),
  '05CC': several(counted('periodIn', u16), counted('periodOut', u16)),
  '0DCC': several(counted('totalIn', u16), counted('totalOut', u16)),
  '03D2': counted('totalIn', u32),
  '04D2': counted('totalOut', u32),
  '04C9': (input, _readings, words) => {
    words.people = input.u8()
    const regions = Math.min(16, input.u8())
    const bits = input.u8() * 0x100 + input.u8()
    words.regions = Array.from({ length: regions }, (_, i) => ((bits >> i) & 1) === 1)
  },
  '06CD': counted('peopleMax', u8),
  '05FD': counted('people', u16),
  '0FE3': several(...[1, 2, 3, 4].map((n) => counted(`regionCount${n}`, u8))),
  '0AEF': counted('timestamp', u32),
  '0F85': counted('timestamp', u32),
  '0592': counted('valveOpeningPct', u8),
  '0990': counted('motorStroke', u16),
  '0B90': counted('motorPosition', u16),
  '08E5': counted('motorCalibration', u8),
  '05E7': counted('heating', u8),
  '06E8': counted('fan', u8),
  '07BC': counted('plan', u8),
  '088E': flag('system'),

  // A threshold was crossed, or is no longer: the value, which is one of now, and a byte that says which way.
  '8367': several(again(temperature), temperatureAlarm),
  '8967': several(again(probe), temperatureAlarm),
  '8467': several(counted('channel4TemperatureC', i16, 10), counted('channel4TemperatureAlarm', u8)),
  '83D7': several(again(temperature), changed, temperatureAlarm),
  '93D7': several(again(temperature), counted('temperatureChangeC', i16, 100), temperatureAlarm),
  '9367': several(again(temperature), changed, temperatureAlarm),
  '9967': several(again(probe), changed, temperatureAlarm),
  '8468': several(again(humidity), counted('humidityAlarm', u8)),
  '839A': several(again(fineHumidity), counted('humidityAlarm', u8)),
  '8482': several(again(distance), counted('distanceAlarm', u8)),
  '8673': several(again(pressure), counted('pressureAlarm', u8)),
  '83ED': several(counted('liquid', u8), counted('liquidAlarm', u8)),
  '8500': several(digital(5), counted('inputAlarm', u8)),
  '84CC': several(counted('totalIn', u16), counted('totalOut', u16), counted('totalAlarm', u8)),
  '85CC': several(counted('periodIn', u16), counted('periodOut', u16), counted('periodAlarm', u8)),
  '8498': several(
    counted('currentMaxA', u16, 100),
    counted('currentMinA', u16, 100),
    again(clampCurrent(100)),
    counted('currentAlarm', u8),
  ),
  '8499': several(
    counted('currentMaxA', u16, 10),
    counted('currentMinA', u16, 10),
    again(clampCurrent(10)),
    counted('currentAlarm', u8),
  ),

  '03F8': readTarget(u16),
  '07B0': readTarget((input) => input.u16le() + input.u8() * 0x1_0000),
  '04F9': readRegions,
  '0AB3': readRegionBits,
  '09B2': asHex('regionTypes', 6),
  '05FA': readOutOfBed,
  '0BB4': readOutOfBedRegions(0),
  '0CB4': readOutOfBedRegions(3),
  '06FB': readAlarm,
  '08B1': several(counted('respiratoryStatus', u8), scaled('respiration-rate', 'respiration-rate', u16, 100, [0xffff])),
  '20CE': readHistory,

  FF01: (input, _readings, words) => {
    const raw = input.u8()
    words.protocolVersion = `v${raw >> 4}.${raw & 0x0f}`
  },
  FF08: asHex('serialNumber', 6),
  FF09: (input, _readings, words) => {
    words.hardwareVersion = `v${input.u8().toString(16)}.${input.u8() >> 4}`
  },
  FF0A: (input, _readings, words) => {
    words.firmwareVersion = `v${input.u8().toString(16)}.${input.u8().toString(16)}`
  },
  FF1F: (input, _readings, words) => {
    words.firmwareVersion = `v${[...input.bytes(4)].join('.')}`
  },
  // Sent once after power came: the byte itself says nothing.
  FF0B: (input, _readings, words) => {
    input.u8()
    words.poweredOn = true
  },
  FF0F: (input, _readings, words) => {
    words.lorawanClass = CLASSES[input.u8()] ?? null
  },
  FF16: asHex('serialNumber', 8),
  FF18: asHex('sensorsEnabled', 2),
  FFFE: counted('reset', u8),
  FFFF: asHex('structureVersion', 2),
  // Acknowledgements of settings, told and otherwise let be.
  FE02: asHex('settingInterval', 2),
  FF03: asHex('settingInterval', 2),
}
