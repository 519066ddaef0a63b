import { isModbusProfile } from '../protocols/modbus-rtu/modbus-profile.ts'
import type { RegisterMap } from '../protocols/modbus-rtu/register-map.ts'
import { type AnyProfile, profileById, profiles } from './registry.ts'

const mapOf = (profile: AnyProfile | undefined): RegisterMap | undefined =>
  profile && isModbusProfile(profile) ? profile.map : undefined

/** Every meter whose registers we know: those of the list of profiles, so that there is no second one. */
export const registerMaps: readonly RegisterMap[] = profiles.flatMap((profile) => mapOf(profile) ?? [])

export const registerMapById = (id: string): RegisterMap | undefined => mapOf(profileById(id))
