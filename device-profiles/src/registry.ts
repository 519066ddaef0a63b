import dlt645SinglePhase from '../dlt645/single-phase/profile.ts'
import seeedMr60fda2 from '../seeed/mr60fda2/profile.ts'
import tuyaTs0215aSos from '../tuya/ts0215a-sos/profile.ts'
import type { Driver, Profile } from './profile.ts'

/** A profile whose driver is known once `driver` was looked at. */
export type AnyProfile = { readonly [D in Driver]: Profile<D> }[Driver]

/** Every device we know. A new one is a folder and a line here. */
export const profiles: readonly AnyProfile[] = [dlt645SinglePhase, seeedMr60fda2, tuyaTs0215aSos]

const byId: ReadonlyMap<string, AnyProfile> = new Map(profiles.map((profile) => [profile.id, profile]))

export const profileById = (id: string): AnyProfile | undefined => byId.get(id)
