import { crc32, deflateRawSync } from 'node:zlib'

/** A file of a zip, honest unless told otherwise. */
export interface ZipFile {
  readonly name: string
  readonly data?: string | Buffer
  /** Unix mode with the file's type, such as 0o120777 for a link. */
  readonly mode?: number
  /** What the zip says its size is. */
  readonly declaredSize?: number
  readonly encrypted?: boolean
}

/** A zip with whatever its maker wants in it: names and sizes are written as they are given. */
export function makeZip(files: readonly ZipFile[]): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const file of files) {
    const data = Buffer.from(file.data ?? '')
    const packed = deflateRawSync(data)
    const name = Buffer.from(file.name, 'utf8')
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(0x0800 | (file.encrypted === true ? 1 : 0), 2)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32(data), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(file.declaredSize ?? data.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const header = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), fields, name, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(((file.mode ?? 0o100644) << 16) >>> 0, 6)
    tail.writeUInt32LE(offset, 10)
    const madeBy = Buffer.from([20, 3])
    central.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002', 'latin1'), madeBy, fields, tail, name]),
    )
    local.push(header)
    offset += header.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...local, directory, end])
}
