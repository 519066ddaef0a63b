import chintDdsu666 from '../../chint/ddsu666/registers.ts'
import chintDtsu666 from '../../chint/dtsu666/registers.ts'
import eastronSdm120 from '../../eastron/sdm120/registers.ts'
import eastronSdm230 from '../../eastron/sdm230/registers.ts'
import eastronSdm630 from '../../eastron/sdm630/registers.ts'
import peacefairPzem004tV3 from '../../peacefair/pzem-004t-v3/registers.ts'
import type { RegisterMap } from './register-map.ts'

/** Every meter whose registers we know. A new one is a folder and a line here. */
export const registerMaps: readonly RegisterMap[] = [
  chintDdsu666,
  chintDtsu666,
  eastronSdm120,
  eastronSdm230,
  eastronSdm630,
  peacefairPzem004tV3,
]

const byId: ReadonlyMap<string, RegisterMap> = new Map(registerMaps.map((map) => [map.id, map]))
export const registerMapById = (id: string): RegisterMap | undefined => byId.get(id)
