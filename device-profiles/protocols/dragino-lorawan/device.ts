import { lorawanDevice } from '../chirpstack-v4/device.ts'
import { draginoLorawan } from './tell.ts'

export const DRAGINO_CONTACT_PORT = 10
export const DRAGINO_BUTTON_PORT = 2
/** On port 5 they tell their settings, on others the time they want. */
export const draginoContact = lorawanDevice({ protocol: draginoLorawan, ports: [DRAGINO_CONTACT_PORT] })
export const draginoButton = lorawanDevice({ protocol: draginoLorawan, ports: [DRAGINO_BUTTON_PORT] })
