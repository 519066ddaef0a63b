import { createServer } from 'node:http'

/** Takes lines over HTTP and forgets them; counts their bytes. */
export interface NullSink {
  readonly port: number
  readonly bytes: number
  close(): void
}

export async function nullSink(): Promise<NullSink> {
  let bytes = 0
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
    })
    request.once('end', () => response.writeHead(204).end())
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the sink has no port')
  return {
    port: address.port,
    get bytes() {
      return bytes
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
