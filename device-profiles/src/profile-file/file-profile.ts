import type { ModbusProfile } from '../../protocols/modbus-rtu/modbus-profile.ts'
import type { PayloadProfile } from './payload-profile.ts'

/** A profile that an installer wrote. */
export type FileProfile = ModbusProfile | PayloadProfile
