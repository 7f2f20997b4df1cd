import { crc32, deflateSync, inflateSync } from 'node:zlib'

const signatureBytes = 8
/** Of an RGB picture with 8 bits per channel, as browsers write their screenshots. */
const pixelBytes = 3

/**
 * The same picture as a smaller PNG. Browsers filter each row for photographs; a page of flat areas and text compresses
 * a quarter better unfiltered (filter type 0 of https://www.w3.org/TR/png-3/#9Filters).
 */
export function smallPng(png: Buffer): Buffer {
  const chunks = [...chunksOf(png)]
  const header = chunks.find(({ type }) => type === 'IHDR')?.data
  if (header?.[8] !== 8 || header[9] !== 2 || header[12] !== 0) throw new Error('Not a plain RGB picture.')
  const raw = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)))
  unfilter(raw, header.readUInt32BE(0) * pixelBytes)
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(raw, { level: 9 })), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([png.subarray(0, signatureBytes), ...parts])
}

function* chunksOf(png: Buffer): Generator<{ type: string; data: Buffer }> {
  for (let at = signatureBytes; at < png.length; ) {
    const length = png.readUInt32BE(at)
    yield { type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) }
    at += length + 12
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  body.copy(whole, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}

/** Each row is a byte that names its filter, then what is left after predicting each byte from its neighbours. */
function unfilter(raw: Buffer, rowBytes: number): void {
  for (let start = 0; start < raw.length; start += rowBytes + 1) {
    const filter = raw[start] ?? 0
    raw[start] = 0
    for (let index = 0; index < rowBytes; index += 1) {
      const at = start + 1 + index
      const left = index >= pixelBytes ? (raw[at - pixelBytes] ?? 0) : 0
      const above = start > 0 ? (raw[at - rowBytes - 1] ?? 0) : 0
      const corner = start > 0 && index >= pixelBytes ? (raw[at - rowBytes - 1 - pixelBytes] ?? 0) : 0
      const predicted = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0
      raw[at] = (raw[at] ?? 0) + predicted
    }
  }
}

function paeth(left: number, above: number, corner: number): number {
  const distances = [left, above, corner].map(value => Math.abs(left + above - corner - value))
  return [left, above, corner][distances.indexOf(Math.min(...distances))] ?? 0
}
