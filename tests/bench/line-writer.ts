import { Agent, request } from 'node:http'

/** The reference of `telemetry-cpu`: as little as can be done to a point on its way to InfluxDB. */
const [address = '', path = '/api/v2/write', token = ''] = process.argv.slice(2)
const { hostname: host, port } = new URL(address)
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const points = 400_000
const pointsPerPost = 5_000

function post(lines: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Token ${token}` }
    const call = request({ port, host, method: 'POST', path, headers, agent }, (answer) => {
      answer.resume()
      if (answer.statusCode === 204) answer.once('end', resolve)
      else reject(new Error(`lines were answered with ${answer.statusCode}`))
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
