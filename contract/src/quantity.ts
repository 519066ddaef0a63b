/**
 * The closed table of what can be measured. `unit` is the SenML symbol (RFC 8428 §12.1, RFC 8798 for the secondary ones,
 * `/` for a dimensionless number or a switch); `min` and `max` bound what is plausible in a home: outside them a reading is
 * absent(`implausible`), never clipped. `kind: 'switch'` is 0 or 1. `counter: true` only grows; a step back is a replaced meter.
 * `risePerHourMax` is more than a home's connection can carry (three phases of 200 A; a DN 25 water pipe; a G16 gas meter).
 */
export const QUANTITIES = {
  'electric-potential': { unit: 'V', min: 0, max: 1_000 },
  'electric-current': { unit: 'A', min: -1_000, max: 1_000 },
  'active-power': { unit: 'W', min: -1_000_000, max: 1_000_000 },
  'reactive-power': { unit: 'var', min: -1_000_000, max: 1_000_000 },
  'apparent-power': { unit: 'VA', min: -1_000_000, max: 1_000_000 },
  'power-factor': { unit: '/', min: -1, max: 1 },
  frequency: { unit: 'Hz', min: 0, max: 100 },
  'active-energy-import': { unit: 'kWh', min: 0, max: 100_000_000, counter: true, risePerHourMax: 150 },
  'active-energy-export': { unit: 'kWh', min: 0, max: 100_000_000, counter: true, risePerHourMax: 150 },
  'water-volume': { unit: 'm3', min: 0, max: 100_000_000, counter: true, risePerHourMax: 20 },
  'gas-volume': { unit: 'm3', min: 0, max: 100_000_000, counter: true, risePerHourMax: 20 },
  'heat-energy': { unit: 'kWh', min: 0, max: 100_000_000, counter: true, risePerHourMax: 200 },
  temperature: { unit: 'Cel', min: -60, max: 200 },
  'atmospheric-pressure': { unit: 'hPa', min: 300, max: 1_200 },
  'carbon-dioxide': { unit: 'ppm', min: 0, max: 100_000 },
  moisture: { unit: '%', min: 0, max: 100 },
  'relative-humidity': { unit: '%RH', min: 0, max: 100 },
  illuminance: { unit: 'lx', min: 0, max: 200_000 },
  'battery-level': { unit: '%EL', min: 0, max: 100 },
  'battery-voltage': { unit: 'V', min: 0, max: 60 },
  'link-quality': { unit: '/', min: 0, max: 255 },
  'signal-strength': { unit: 'dBW', min: -200, max: 0 },
  distance: { unit: 'm', min: 0, max: 100 },
  'body-movement': { unit: '%', min: 0, max: 100 },
  'respiration-rate': { unit: '1/min', min: 0, max: 120 },
  'heart-rate': { unit: 'beat/min', min: 0, max: 300 },
  presence: { unit: '/', min: 0, max: 1, kind: 'switch' },
  motion: { unit: '/', min: 0, max: 1, kind: 'switch' },
  fall: { unit: '/', min: 0, max: 1, kind: 'switch' },
  light: { unit: '/', min: 0, max: 1, kind: 'switch' },
  'switched-on': { unit: '/', min: 0, max: 1, kind: 'switch' },
  contact: { unit: '/', min: 0, max: 1, kind: 'switch' },
  smoke: { unit: '/', min: 0, max: 1, kind: 'switch' },
  gas: { unit: '/', min: 0, max: 1, kind: 'switch' },
  'carbon-monoxide': { unit: '/', min: 0, max: 1, kind: 'switch' },
  'water-leak': { unit: '/', min: 0, max: 1, kind: 'switch' },
  tamper: { unit: '/', min: 0, max: 1, kind: 'switch' },
  'battery-low': { unit: '/', min: 0, max: 1, kind: 'switch' },
  'device-fault': { unit: '/', min: 0, max: 1, kind: 'switch' },
  'self-test': { unit: '/', min: 0, max: 1, kind: 'switch' },
  'occurrence-count': { unit: '/', min: 0, max: 65_535, counter: true },
  'valve-open': { unit: '/', min: 0, max: 1, kind: 'switch' },
} as const satisfies Record<string, QuantityDefinition>

export interface QuantityDefinition {
  readonly unit: string
  readonly min: number
  readonly max: number
  readonly kind?: 'switch'
  readonly counter?: true
  readonly risePerHourMax?: number
}

export type Quantity = keyof typeof QUANTITIES
export type Unit = (typeof QUANTITIES)[Quantity]['unit']

export const UNITS: readonly Unit[] = [...new Set(Object.values(QUANTITIES).map((quantity) => quantity.unit))]

/** Units of counters only: what is measured in one of them does not shrink, unless another meter hangs there. */
export const COUNTER_UNITS: ReadonlySet<string> = new Set(
  UNITS.filter((unit) =>
    Object.values<QuantityDefinition>(QUANTITIES).every(
      (quantity) => quantity.unit !== unit || quantity.counter === true,
    ),
  ),
)

export const isQuantity = (text: string): text is Quantity => Object.hasOwn(QUANTITIES, text)

/** The table's row with its optional parts visible. */
export const definitionOf = (quantity: Quantity): QuantityDefinition => QUANTITIES[quantity]
