import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** What is used of @azure/storage-blob, which is installed beside Azurite and is no dependency of the project. */
interface StorageBlob {
  readonly StorageSharedKeyCredential: new (account: string, key: string) => object
  readonly BlobServiceClient: new (
    url: string,
    credential: object,
  ) => {
    getContainerClient(name: string): Container
  }
  readonly BlobSASPermissions: { parse(permissions: string): object }
  generateBlobSASQueryParameters(values: object, credential: object): { toString(): string }
}
interface Container {
  createIfNotExists(): Promise<unknown>
  getBlobClient(name: string): {
    readonly url: string
    downloadToBuffer(): Promise<Buffer>
    deleteIfExists(): Promise<unknown>
  }
}

export interface BlobStore {
  /** A link with which a client may write (`cw`) or read (`r`) one blob for an hour. */
  signedUrl(blob: string, permissions: 'cw' | 'r'): string
  /** What was really stored; undefined where nothing was. */
  measure(blob: string): Promise<{ size: number; digest: string } | undefined>
  remove(blob: string): Promise<void>
}

/** Azurite's account and key are the same everywhere and stand in its documentation. */
const account = 'devstoreaccount1'
const key =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='
const containerName = 'actions-results'
const hour = 3_600_000

/** Opens the container of all results in a started Azurite. */
export async function openBlobStore(folder: string, azuriteUrl: string): Promise<BlobStore> {
  const azure: StorageBlob = createRequire(join(folder, 'package.json'))('@azure/storage-blob')
  const credential = new azure.StorageSharedKeyCredential(account, key)
  const service = new azure.BlobServiceClient(`${azuriteUrl}/${account}`, credential)
  const container = service.getContainerClient(containerName)
  await container.createIfNotExists()
  return {
    signedUrl(blob, permissions) {
      const values = {
        containerName,
        blobName: blob,
        permissions: azure.BlobSASPermissions.parse(permissions),
        startsOn: new Date(Date.now() - 60_000),
        expiresOn: new Date(Date.now() + hour),
      }
      const signature = azure.generateBlobSASQueryParameters(values, credential)
      return `${container.getBlobClient(blob).url}?${signature.toString()}`
    },
    async measure(blob) {
      try {
        const content = await container.getBlobClient(blob).downloadToBuffer()
        const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
        return { size: content.length, digest }
      } catch (error) {
        if (
          typeof error === 'object' &&
          error !== null &&
          'statusCode' in error &&
          error.statusCode === 404
        ) {
          return undefined
        }
        throw error
      }
    },
    async remove(blob) {
      await container.getBlobClient(blob).deleteIfExists()
    },
  }
}
