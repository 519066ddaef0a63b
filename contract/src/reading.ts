import { definitionOf, type Quantity } from './quantity.ts'

/** Why a device says nothing. Silence is data: none of these is 0, and none is the last value. */
export const ABSENCES = [
  'not-reported', // the device did not send it this time
  'no-answer', // asked on the bus, no answer in time
  'not-supported', // the device says it has no such value
  'invalid', // sent, but not a value (non-BCD digit, NaN, FF fill)
  'implausible', // sent and well-formed, outside what is possible
  'warming-up',
  'device-fault',
  'device-silent', // nothing heard for longer than its supervision allows
  'gateway-silent',
  'line-down', // the serial port or its converter is gone
] as const
export type Absence = (typeof ABSENCES)[number]

/** What the device says, or why it says nothing. Switches are numbers 0 and 1. */
export type Reading =
  | { readonly is: 'value'; readonly value: number }
  | { readonly is: 'absent'; readonly why: Absence }

export function reading(value: number | boolean): Reading {
  const number = Number(value)
  return Number.isFinite(number) ? { is: 'value', value: number } : absent('invalid')
}

export const absent = (why: Absence): Reading => ({ is: 'absent', why })

/** A reading outside what its quantity can be is absent(`implausible`); it is never clipped and never passed on. */
export function plausible(quantity: Quantity, given: Reading): Reading {
  if (given.is === 'absent') return given
  const { min, max } = definitionOf(quantity)
  return given.value >= min && given.value <= max ? given : absent('implausible')
}
