import aqaraMccgq11lm from '../aqara/mccgq11lm/profile.ts'
import aqaraRtcgq11lm from '../aqara/rtcgq11lm/profile.ts'
import aqaraSjcgq11lm from '../aqara/sjcgq11lm/profile.ts'
import bthomeClimate from '../bthome/climate/profile.ts'
import bthomeDoor from '../bthome/door/profile.ts'
import bthomeSosButton from '../bthome/sos-button/profile.ts'
import chintDdsu666 from '../chint/ddsu666/profile.ts'
import chintDtsu666 from '../chint/dtsu666/profile.ts'
import cjt188ColdWater from '../cjt188/cold-water/profile.ts'
import cjt188Gas from '../cjt188/gas/profile.ts'
import cjt188Heat from '../cjt188/heat/profile.ts'
import cjt188HotWater from '../cjt188/hot-water/profile.ts'
import dlt645SinglePhase from '../dlt645/single-phase/profile.ts'
import dlt645SinglePhase1997 from '../dlt645/single-phase-1997/profile.ts'
import dlt645ThreePhase from '../dlt645/three-phase/profile.ts'
import draginoLds02 from '../dragino/lds02/profile.ts'
import draginoLwl02 from '../dragino/lwl02/profile.ts'
import draginoPb01 from '../dragino/pb01/profile.ts'
import dsmrP1 from '../dsmr/p1/profile.ts'
import eastronSdm120 from '../eastron/sdm120/profile.ts'
import eastronSdm230 from '../eastron/sdm230/profile.ts'
import eastronSdm630 from '../eastron/sdm630/profile.ts'
import eiElectronicsEi6500 from '../ei-electronics/ei6500/profile.ts'
import enoceanContact from '../enocean/contact/profile.ts'
import enoceanLeak from '../enocean/leak/profile.ts'
import enoceanMotion from '../enocean/motion/profile.ts'
import enoceanPendant from '../enocean/pendant/profile.ts'
import enoceanTempHum from '../enocean/temp-hum/profile.ts'
import enoceanTemperature from '../enocean/temperature/profile.ts'
import esphomeContact from '../esphome/contact/profile.ts'
import esphomeEnergy from '../esphome/energy/profile.ts'
import esphomePresence from '../esphome/presence/profile.ts'
import ev1527Button from '../ev1527/button/profile.ts'
import ev1527Contact from '../ev1527/contact/profile.ts'
import feibitSeb01zb from '../feibit/seb01zb/profile.ts'
import frientSmszb120 from '../frient/smszb-120/profile.ts'
import heimanHs1ca from '../heiman/hs1ca/profile.ts'
import heimanHs1cg from '../heiman/hs1cg/profile.ts'
import heimanHs1eb from '../heiman/hs1eb/profile.ts'
import heimanHs1sa from '../heiman/hs1sa/profile.ts'
import heimanHs2fd from '../heiman/hs2fd/profile.ts'
import hilinkLd2410 from '../hilink/ld2410/profile.ts'
import hilinkLd6002 from '../hilink/ld6002/profile.ts'
import hilinkLd6002b from '../hilink/ld6002b/profile.ts'
import hilinkLd6002c from '../hilink/ld6002c/profile.ts'
import iec62056Electricity from '../iec62056/electricity/profile.ts'
import iec62056ElectricityPush from '../iec62056/electricity-push/profile.ts'
import lansenSmokeDetector from '../lansen/smoke-detector/profile.ts'
import loginovoZg101z from '../loginovo/zg-101z/profile.ts'
import mbusElectricity from '../mbus/electricity/profile.ts'
import mbusHeat from '../mbus/heat/profile.ts'
import mbusWater from '../mbus/water/profile.ts'
import milesightEm300Leak from '../milesight/em300-leak/profile.ts'
import milesightEm300Mcs from '../milesight/em300-mcs/profile.ts'
import milesightEm300Th from '../milesight/em300-th/profile.ts'
import milesightGs101 from '../milesight/gs101/profile.ts'
import milesightVs373 from '../milesight/vs373/profile.ts'
import milesightWs101 from '../milesight/ws101/profile.ts'
import milesightWs202 from '../milesight/ws202/profile.ts'
import milesightWs203 from '../milesight/ws203/profile.ts'
import milesightWs301 from '../milesight/ws301/profile.ts'
import multirMirSo100 from '../multir/mir-so100/profile.ts'
import netvoxR311a from '../netvox/r311a/profile.ts'
import netvoxR311w from '../netvox/r311w/profile.ts'
import netvoxR312a from '../netvox/r312a/profile.ts'
import netvoxRa02c from '../netvox/ra02c/profile.ts'
import owonFds315 from '../owon/fds315/profile.ts'
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
import shellyBluButton from '../shelly/blu-button/profile.ts'
import shellyBluDoorWindow from '../shelly/blu-door-window/profile.ts'
import shellyBluMotion from '../shelly/blu-motion/profile.ts'
import shellyFloodGen4 from '../shelly/flood-gen4/profile.ts'
import shellyGen2Input from '../shelly/gen2-input/profile.ts'
import shellyGen2Power from '../shelly/gen2-power/profile.ts'
import shellyHtGen3 from '../shelly/ht-gen3/profile.ts'
import shellyPlusSmoke from '../shelly/plus-smoke/profile.ts'
import shellyPro3em from '../shelly/pro-3em/profile.ts'
import smlElectricity from '../sml/electricity/profile.ts'
import sonoffSnzb06p from '../sonoff/snzb-06p/profile.ts'
import tasmotaPlug from '../tasmota/plug/profile.ts'
import tasmotaRfButton from '../tasmota/rf-button/profile.ts'
import tasmotaZigbeeContact from '../tasmota/zigbee-contact/profile.ts'
import tasmotaZigbeeLeak from '../tasmota/zigbee-leak/profile.ts'
import tasmotaZigbeeSos from '../tasmota/zigbee-sos/profile.ts'
import tuyaMirHe200Ty from '../tuya/mir-he200-ty/profile.ts'
import tuyaTs011fPlug from '../tuya/ts011f-plug/profile.ts'
import tuyaTs0215aSos from '../tuya/ts0215a-sos/profile.ts'
import tuyaTs0601Sos from '../tuya/ts0601-sos/profile.ts'
import vayyarCare from '../vayyar/care/profile.ts'
import wmbusHeatMeter from '../wmbus/heat-meter/profile.ts'
import wmbusWaterMeter from '../wmbus/water-meter/profile.ts'
import yobiiqSd1001 from '../yobiiq/sd-1001/profile.ts'
import type { Driver, Profile } from './profile.ts'

/** A profile whose driver is known once `driver` was looked at. */
export type AnyProfile = { readonly [D in Driver]: Profile<D> }[Driver]

/** Every device we know. A new one is a folder and a line here. */
export const profiles: readonly AnyProfile[] = [
  aqaraMccgq11lm,
  aqaraRtcgq11lm,
  aqaraSjcgq11lm,
  bthomeClimate,
  bthomeDoor,
  bthomeSosButton,
  chintDdsu666,
  chintDtsu666,
  cjt188ColdWater,
  cjt188Gas,
  cjt188Heat,
  cjt188HotWater,
  dlt645SinglePhase1997,
  dlt645SinglePhase,
  dlt645ThreePhase,
  draginoLds02,
  draginoLwl02,
  draginoPb01,
  dsmrP1,
  eastronSdm120,
  eastronSdm230,
  eastronSdm630,
  eiElectronicsEi6500,
  enoceanContact,
  enoceanLeak,
  enoceanMotion,
  enoceanPendant,
  enoceanTempHum,
  enoceanTemperature,
  esphomeContact,
  esphomeEnergy,
  esphomePresence,
  ev1527Button,
  ev1527Contact,
  feibitSeb01zb,
  frientSmszb120,
  heimanHs1ca,
  heimanHs1cg,
  heimanHs1eb,
  heimanHs1sa,
  heimanHs2fd,
  hilinkLd2410,
  hilinkLd6002,
  hilinkLd6002b,
  hilinkLd6002c,
  iec62056ElectricityPush,
  iec62056Electricity,
  lansenSmokeDetector,
  loginovoZg101z,
  mbusElectricity,
  mbusHeat,
  mbusWater,
  milesightEm300Leak,
  milesightEm300Mcs,
  milesightEm300Th,
  milesightGs101,
  milesightVs373,
  milesightWs101,
  milesightWs202,
  milesightWs203,
  milesightWs301,
  multirMirSo100,
  netvoxR311a,
  netvoxR311w,
  netvoxR312a,
  netvoxRa02c,
  owonFds315,
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
  shellyBluButton,
  shellyBluDoorWindow,
  shellyBluMotion,
  shellyFloodGen4,
  shellyGen2Input,
  shellyGen2Power,
  shellyHtGen3,
  shellyPlusSmoke,
  shellyPro3em,
  smlElectricity,
  sonoffSnzb06p,
  tasmotaPlug,
  tasmotaRfButton,
  tasmotaZigbeeContact,
  tasmotaZigbeeLeak,
  tasmotaZigbeeSos,
  tuyaMirHe200Ty,
  tuyaTs011fPlug,
  tuyaTs0215aSos,
  tuyaTs0601Sos,
  vayyarCare,
  wmbusHeatMeter,
  wmbusWaterMeter,
  yobiiqSd1001,
]

const byId: ReadonlyMap<string, AnyProfile> = new Map(profiles.map((profile) => [profile.id, profile]))

export const profileById = (id: string): AnyProfile | undefined => byId.get(id)
