import { Agent, request } from 'node:http'

/** The reference of `telemetry-cpu`: as little as can be done to a point on its way to InfluxDB. */
const port = Number(process.argv[2])
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const points = 400_000
const pointsPerPost = 5_000

function post(lines: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request({ port, host: '127.0.0.1', method: 'POST', path: '/api/v2/write', agent }, (answer) => {
      answer.resume()
      answer.once('end', resolve)
    })
    call.once('error', reject)
    call.end(lines)
  })
}

async function write(): Promise<number> {
  const before = process.cpuUsage()
  const at = Date.now()
  for (let done = 0; done < points; done += pointsPerPost) {
    let lines = ''
    for (let i = 0; i < pointsPerPost; i++)
      lines += `measurement,home=home-${i % 200},placement=meter,point=active-power value=${60 + (i % 700)}.4 ${at + i}\n`
    await post(lines)
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / points
}

process.on('message', () => {
  void write().then((microsPerPoint) => process.send?.({ microsPerPoint }))
})
process.once('disconnect', () => process.exit(0))
