import { buildServer } from '../../server/build.ts'

/** Before a run that starts servers: what is built is what is read. */
export default (): Promise<void> => buildServer()
