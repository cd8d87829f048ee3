// The key that seals Password fields, and sealing with it: AES-256-GCM. The key is ENCRYPTION_KEY, or a file in DATA_DIR.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secrets } from '../documents/secrets.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** @param key 32 bytes */
export function createSecrets(key: Buffer): Secrets {
  return {
    seal(plain) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, key, iv);
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(text) {
      const bytes = Buffer.from(text, 'base64');
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const plain = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
      return plain.toString('utf8');
    },
  };
}

const decode = (text: string): Buffer => Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');

/** Makes the key file on first use. @throws Error when the key is not 32 bytes */
export async function loadKey(dataDir: string, configured: Buffer | undefined): Promise<Buffer> {
  const key = configured ?? decode(await keyFile(join(dataDir, 'encryption.key')));
  if (key.length !== KEY_BYTES)
    throw new Error(`ENCRYPTION_KEY: must be ${KEY_BYTES} bytes as hex or base64`);
  return key;
}

async function keyFile(path: string): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  try {
    await writeFile(path, randomBytes(KEY_BYTES).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
  }
  return (await readFile(path, 'utf8')).trim();
}
