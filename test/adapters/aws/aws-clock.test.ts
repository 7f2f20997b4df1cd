import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { STSClient } from '@aws-sdk/client-sts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { correctedOffset, createAwsClock } from '../../../src/adapters/aws/aws-clock.ts'
import { createClients } from '../../../src/adapters/aws/clients.ts'
import { faultIn, startAws } from './support.ts'

async function startClock() {
  const { aws, world, newCalls } = await startAws()
  let local = 5000
  let wall = Date.parse('2031-01-01T00:00:00Z')
  const clock = createAwsClock(
    new STSClient({ maxAttempts: 1 }),
    () => local,
    () => wall,
  )
  const pass = (milliseconds: number) => {
    local += milliseconds
    wall += milliseconds
  }
  /** The machine stands still, and the clock on the wall does not. */
  const suspend = (milliseconds: number) => {
    wall += milliseconds
  }
  return { aws, world, newCalls, clock, pass, suspend }
}

test('a clock that was never measured tells no time', async () => {
  const { clock } = await startClock()
  expect(() => clock.now()).toThrow(expect.objectContaining({ code: 'clock_not_measured', retryable: true }))
})

test('the clock shows the time of AWS, whatever the local clock says', async () => {
  const { clock, pass } = await startClock()
  await clock.measure()
  expect(clock.now()).toBe('2026-11-21T10:00:00Z')
  pass(61_000)
  expect(clock.now()).toBe('2026-11-21T10:01:01Z')
})

test('a jump of AWS is followed at the next reading', async () => {
  const { clock, world } = await startClock()
  await clock.measure()
  world.advance(2 * 60 * 60 * 1000)
  expect(clock.now()).toBe('2026-11-21T10:00:00Z')
  await clock.measure()
  expect(clock.now()).toBe('2026-11-21T12:00:00Z')
})

test('a local clock that runs ahead is put back', async () => {
  const { clock, pass } = await startClock()
  await clock.measure()
  pass(60_000)
  await clock.measure()
  expect(clock.now()).toBe('2026-11-21T10:00:00Z')
})

test('a reading that fails leaves the last one standing', async () => {
  const { aws, clock, pass } = await startClock()
  await clock.measure()
  aws.faults.add({ match: 'sts', kind: 'fail' })
  expect((await faultIn(clock.measure())).code).toBe('aws_unavailable')
  pass(5000)
  expect(clock.now()).toBe('2026-11-21T10:00:05Z')
})

test('after the machine was suspended no time is told until AWS is asked again', async () => {
  const { world, clock, pass, suspend } = await startClock()
  await clock.measure()
  pass(60_000)
  suspend(5000)
  expect(clock.now()).toBe('2026-11-21T10:01:00Z')
  suspend(1)
  expect(() => clock.now()).toThrow(expect.objectContaining({ code: 'clock_not_measured', retryable: true }))
  world.advance(3_600_000)
  await clock.measure()
  expect(clock.now()).toBe('2026-11-21T11:00:00Z')
})

test('a clock on the wall that was put back is noticed too', async () => {
  const { clock, suspend } = await startClock()
  await clock.measure()
  suspend(-6000)
  expect(() => clock.now()).toThrow(expect.objectContaining({ code: 'clock_not_measured' }))
})

test('AWS is asked at once and only once when the clock cannot be trusted any more', async () => {
  const { clock, newCalls, suspend } = await startClock()
  await clock.measure()
  newCalls()
  suspend(6000)
  for (let n = 0; n < 3; n++) expect(() => clock.now()).toThrow(expect.objectContaining({ code: 'clock_not_measured' }))
  await vi.waitFor(() => expect(clock.now()).toBe('2026-11-21T10:00:00Z'))
  expect(newCalls()).toEqual(['GetCallerIdentity'])
})

test('it takes one call without rights of any kind', async () => {
  const { clock, newCalls } = await startClock()
  await clock.measure()
  expect(newCalls()).toEqual(['GetCallerIdentity'])
})

test('after lets real time pass', async () => {
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const clock = createAwsClock(new STSClient({ region: 'eu-west-1' }))
  const done = vi.fn()
  const waiting = clock.after(1000).then(done)
  await vi.advanceTimersByTimeAsync(999)
  expect(done).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  await waiting
})

/** STS as it behaves to a caller whose clock is wrong; the simulated AWS looks at no signature. */
async function startStrictSts(now: string) {
  const signedAt: string[] = []
  const server = createServer((request, response) => {
    const date = String(request.headers['x-amz-date'])
    signedAt.push(date)
    const isRight = date.startsWith(now.slice(0, 10).replaceAll('-', ''))
    response.writeHead(isRight ? 200 : 403, { Date: new Date(now).toUTCString(), 'Content-Type': 'text/xml' })
    response.end(
      isRight
        ? '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>a</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>'
        : '<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>Signature expired</Message></Error></ErrorResponse>',
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, signedAt }
}

test('with a local clock so wrong that AWS refuses the signature the time is learnt from that no', async () => {
  const { url, signedAt } = await startStrictSts('2019-05-01T12:00:00Z')
  vi.stubEnv('AWS_ENDPOINT_URL', url)
  vi.stubEnv('AWS_REGION', 'ap-northeast-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIABOT')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { sts, iamWith } = createClients({})
  const clock = createAwsClock(sts)
  await clock.measure()
  expect(clock.now().slice(0, 10)).toBe('2019-05-01')
  expect(signedAt).toHaveLength(2)
  const session = iamWith({ accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'token' })
  const offset = Date.parse('2019-05-01T12:00:00Z') - Date.now()
  expect(Math.abs(session.config.systemClockOffset - offset)).toBeLessThan(5000)
})

test.each([
  ['the first reading takes the lower bound', undefined, 100_000, 1000, 1200, 98_800],
  ['a reading that agrees changes nothing', 99_500, 100_000, 1000, 1200, 99_500],
  ['a fraction of a second behind the header does not turn time back', 99_999, 100_000, 1000, 1200, 99_999],
  ['an offset that is surely too small is raised to the lower bound', 98_000, 100_000, 1000, 1200, 98_800],
  ['a jump ahead is followed at once', 98_800, 7_300_000, 2000, 2200, 7_297_800],
  ['an offset that is surely too large is lowered', 100_001, 100_000, 1000, 1200, 98_800],
])('%s', (_, offset, date, sentAt, receivedAt, expected) => {
  expect(correctedOffset(offset, { date, sentAt, receivedAt })).toBe(expected)
})
