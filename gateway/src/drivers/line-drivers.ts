import type { Driver } from '@anju/device-profiles/profile'
import { dlt645Driver } from './dlt645/driver.ts'
import type { LineDriver } from './driver.ts'
import { tinyFrameDriver } from './tinyframe/driver.ts'

/** The protocols spoken on serial lines. A new one is a folder beside these and a line here. */
export const lineDrivers: Readonly<Record<Exclude<Driver, 'mqtt'>, LineDriver>> = {
  'dlt645-2007': dlt645Driver,
  tinyframe: tinyFrameDriver,
}
