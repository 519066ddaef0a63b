import { gatewayCrash, serverCrash } from '../observe/crash.ts'
import { pausedServer } from '../observe/paused-server.ts'
import { inShort } from './short-forms.ts'

// What is killed or stands still has to be whole again afterwards, however long that takes: these may have neighbours.
inShort([gatewayCrash, serverCrash, pausedServer])
