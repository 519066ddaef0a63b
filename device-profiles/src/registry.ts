import aqaraMccgq11lm from '../aqara/mccgq11lm/profile.ts'
import aqaraRtcgq11lm from '../aqara/rtcgq11lm/profile.ts'
import aqaraSjcgq11lm from '../aqara/sjcgq11lm/profile.ts'
import dlt645SinglePhase from '../dlt645/single-phase/profile.ts'
import dsmrP1 from '../dsmr/p1/profile.ts'
import heimanHs1ca from '../heiman/hs1ca/profile.ts'
import heimanHs1cg from '../heiman/hs1cg/profile.ts'
import heimanHs1sa from '../heiman/hs1sa/profile.ts'
import iec62056Electricity from '../iec62056/electricity/profile.ts'
import iec62056ElectricityPush from '../iec62056/electricity-push/profile.ts'
import mbusElectricity from '../mbus/electricity/profile.ts'
import mbusHeat from '../mbus/heat/profile.ts'
import mbusWater from '../mbus/water/profile.ts'
import seeedMr60fda2 from '../seeed/mr60fda2/profile.ts'
import smlElectricity from '../sml/electricity/profile.ts'
import tuyaMirHe200Ty from '../tuya/mir-he200-ty/profile.ts'
import tuyaTs0215aSos from '../tuya/ts0215a-sos/profile.ts'
import type { Driver, Profile } from './profile.ts'

/** A profile whose driver is known once `driver` was looked at. */
export type AnyProfile = { readonly [D in Driver]: Profile<D> }[Driver]

/** Every device we know. A new one is a folder and a line here. */
export const profiles: readonly AnyProfile[] = [
  aqaraMccgq11lm,
  aqaraRtcgq11lm,
  aqaraSjcgq11lm,
  heimanHs1ca,
  heimanHs1cg,
  heimanHs1sa,
  tuyaMirHe200Ty,
  dlt645SinglePhase,
  dsmrP1,
  iec62056Electricity,
  iec62056ElectricityPush,
  mbusElectricity,
  mbusHeat,
  mbusWater,
  seeedMr60fda2,
  smlElectricity,
  tuyaTs0215aSos,
]

const byId: ReadonlyMap<string, AnyProfile> = new Map(profiles.map((profile) => [profile.id, profile]))

export const profileById = (id: string): AnyProfile | undefined => byId.get(id)
