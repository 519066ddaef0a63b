import { expect, test } from 'vitest'
import { aliyunSignature } from './aliyun.ts'

test('the fake’s own signature is that of the documentation’s example', () => {
  const headers = {
    host: 'ecs.cn-shanghai.aliyuncs.com',
    'x-acs-action': 'RunInstances',
    'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'x-acs-date': '2023-10-26T10:22:32Z',
    'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
    'x-acs-version': '2014-05-26',
  }
  const target = '/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai'
  const signed = Object.keys(headers).join(';')
  expect(
    aliyunSignature({ method: 'POST', target, headers, body: Buffer.alloc(0) }, signed, 'YourAccessKeySecret'),
  ).toBe('06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0')
})
