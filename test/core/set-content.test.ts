import { expect, it } from 'vitest'
import { changeOf } from '../../src/core/set-content.ts'
import { aSetContent } from '../support/builders.ts'

const before = aSetContent({ managed: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] })
const changed = (more: Parameters<typeof aSetContent>[0]) => changeOf(before, { ...before, hash: 'other', ...more })

it('the same hash is the same set, whatever words there are for it', () => {
  expect(changeOf(before, { ...before, words: { lines: [] } })).toBeUndefined()
})

it.each([
  [
    { managed: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
    'arn:aws:iam::aws:policy/AdministratorAccess was added; arn:aws:iam::aws:policy/ReadOnlyAccess was removed',
  ],
  [{ customer: ['/team/deploy'] }, '/team/deploy was added'],
  [{ inline: '{}' }, 'its inline policy is another'],
  [{ boundary: '/other' }, 'its permissions boundary is /other'],
  [{ sessionMinutes: 720 }, 'its sessions last 720 min, not 60'],
  [{ inline: '{}', sessionMinutes: 720 }, 'its inline policy is another; its sessions last 720 min, not 60'],
  [{}, 'its content is another'],
])('says what has changed: %j', (more, said) => {
  expect(changed(more)).toBe(said)
})

it('a set that is gone has changed', () => {
  expect(changeOf(before, undefined)).toBe('the permission set is gone')
})
