import aqaraMccgq11lm from '../aqara/mccgq11lm/profile.ts'
import aqaraRtcgq11lm from '../aqara/rtcgq11lm/profile.ts'
import aqaraSjcgq11lm from '../aqara/sjcgq11lm/profile.ts'
import chintDdsu666 from '../chint/ddsu666/profile.ts'
import chintDtsu666 from '../chint/dtsu666/profile.ts'
import cjt188ColdWater from '../cjt188/cold-water/profile.ts'
import cjt188Gas from '../cjt188/gas/profile.ts'
import cjt188Heat from '../cjt188/heat/profile.ts'
import cjt188HotWater from '../cjt188/hot-water/profile.ts'
import dlt645SinglePhase from '../dlt645/single-phase/profile.ts'
import dlt645SinglePhase1997 from '../dlt645/single-phase-1997/profile.ts'
import dlt645ThreePhase from '../dlt645/three-phase/profile.ts'
import dsmrP1 from '../dsmr/p1/profile.ts'
import eastronSdm120 from '../eastron/sdm120/profile.ts'
import eastronSdm230 from '../eastron/sdm230/profile.ts'
import eastronSdm630 from '../eastron/sdm630/profile.ts'
import enoceanContact from '../enocean/contact/profile.ts'
import enoceanLeak from '../enocean/leak/profile.ts'
import enoceanMotion from '../enocean/motion/profile.ts'
import enoceanPendant from '../enocean/pendant/profile.ts'
import enoceanTempHum from '../enocean/temp-hum/profile.ts'
import enoceanTemperature from '../enocean/temperature/profile.ts'
import ev1527Button from '../ev1527/button/profile.ts'
import ev1527Contact from '../ev1527/contact/profile.ts'
import heimanHs1ca from '../heiman/hs1ca/profile.ts'
import heimanHs1cg from '../heiman/hs1cg/profile.ts'
import heimanHs1sa from '../heiman/hs1sa/profile.ts'
import hilinkLd2410 from '../hilink/ld2410/profile.ts'
import hilinkLd6002 from '../hilink/ld6002/profile.ts'
import hilinkLd6002b from '../hilink/ld6002b/profile.ts'
import hilinkLd6002c from '../hilink/ld6002c/profile.ts'
import iec62056Electricity from '../iec62056/electricity/profile.ts'
import iec62056ElectricityPush from '../iec62056/electricity-push/profile.ts'
import mbusElectricity from '../mbus/electricity/profile.ts'
import mbusHeat from '../mbus/heat/profile.ts'
import mbusWater from '../mbus/water/profile.ts'
import peacefairPzem004tV3 from '../peacefair/pzem-004t-v3/profile.ts'
import rfxcomLighting4Button from '../rfxcom/lighting4-button/profile.ts'
import rfxcomMotion from '../rfxcom/motion/profile.ts'
import rfxcomPanicPendant from '../rfxcom/panic-pendant/profile.ts'
import rfxcomSmoke from '../rfxcom/smoke/profile.ts'
import rfxcomTempHum from '../rfxcom/temp-hum/profile.ts'
import seeedMr24hpc1 from '../seeed/mr24hpc1/profile.ts'
import seeedMr60bha1 from '../seeed/mr60bha1/profile.ts'
import seeedMr60fda1 from '../seeed/mr60fda1/profile.ts'
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
  chintDdsu666,
  chintDtsu666,
  cjt188ColdWater,
  cjt188Gas,
  cjt188Heat,
  cjt188HotWater,
  dlt645SinglePhase,
  dlt645SinglePhase1997,
  dlt645ThreePhase,
  eastronSdm120,
  eastronSdm230,
  eastronSdm630,
  enoceanContact,
  enoceanLeak,
  enoceanMotion,
  enoceanPendant,
  enoceanTemperature,
  enoceanTempHum,
  ev1527Button,
  ev1527Contact,
  heimanHs1ca,
  heimanHs1cg,
  heimanHs1sa,
  dsmrP1,
  hilinkLd2410,
  hilinkLd6002,
  hilinkLd6002b,
  hilinkLd6002c,
  iec62056Electricity,
  iec62056ElectricityPush,
  mbusElectricity,
  mbusHeat,
  mbusWater,
  peacefairPzem004tV3,
  rfxcomLighting4Button,
  rfxcomMotion,
  rfxcomPanicPendant,
  rfxcomSmoke,
  rfxcomTempHum,
  seeedMr24hpc1,
  seeedMr60bha1,
  seeedMr60fda1,
  seeedMr60fda2,
  smlElectricity,
  tuyaMirHe200Ty,
  tuyaTs0215aSos,
]

const byId: ReadonlyMap<string, AnyProfile> = new Map(profiles.map((profile) => [profile.id, profile]))

export const profileById = (id: string): AnyProfile | undefined => byId.get(id)
