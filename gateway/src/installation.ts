import { DomainError } from '@anju/contract'
import type { DeviceOptions } from '@anju/device-profiles/profile'
import { wireOf } from '@anju/device-profiles/wires'
import type { Device, InstalledProfile } from './ports.ts'

/** What is wrong with a configuration, and in which field of it. */
export const refuse = (field: string, why: string): DomainError =>
  new DomainError('config-malformed', `${field}: ${why}`, { field })

/**
 * What an installer tells of one device, checked against what its profile asks.
 * @throws DomainError `config-malformed`, naming the option; never its value, which may be a key.
 */
export function optionsOf(profile: InstalledProfile, given: DeviceOptions, field: string): DeviceOptions {
  const known = profile.options ?? {}
  for (const name of Object.keys(given))
    if (!Object.hasOwn(known, name)) throw refuse(`${field}.options.${name}`, `${profile.id} has no such option`)
  for (const [name, { required, pattern, name: what }] of Object.entries(known)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value === undefined && required) throw refuse(`${field}.options.${name}`, `is missing: ${what}`)
    if (value !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(value))
      throw refuse(`${field}.options.${name}`, `is not ${what}`)
  }
  return given
}

/**
 * Devices that are asked may share a wire, whatever they speak, as long as their addresses differ. Devices that speak by
 * themselves may not: two protocols at once spoil each other, and frames without a sender could be anybody's.
 * @throws DomainError `config-malformed`, naming the device.
 */
export function agreeOnLines(devices: readonly Device[]): void {
  const before = new Map<string, Device>()
  const addresses = new Set<string>()
  for (const [i, device] of devices.entries()) {
    const { line, profile, address } = device
    const wire = wireOf(profile.driver)
    if (line === undefined || !wire) continue
    const other = before.get(line)
    const otherWire = other && wireOf(other.profile.driver)
    const alone = wire.is === 'heard' ? wire : otherWire?.is === 'heard' ? otherWire : undefined
    if (other && alone && (other.profile.driver !== profile.driver || !alone.senderOf))
      throw refuse(`devices[${i}].line`, `${line} already carries another ${other.profile.driver} device`)
    const anybody = [device, other].find((one) => one && addressesAnybody(one))
    if (other && anybody)
      throw refuse(`devices[${i}].line`, `on ${line} hangs ${anybody.id}, whose address is one for a line of its own`)
    const place = `${line} ${profile.driver} ${address}`
    if (addresses.has(place)) throw refuse(`devices[${i}].address`, `${address} is already taken on ${line}`)
    addresses.add(place)
    before.set(line, device)
  }
}

function addressesAnybody({ profile, address }: Device): boolean {
  const wire = wireOf(profile.driver)
  return wire?.is === 'polled' && (wire.meansAnybody?.(address) ?? false)
}
