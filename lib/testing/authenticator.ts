import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const [PRESENT, VERIFIED, ATTESTED] = [0x01, 0x04, 0x40];

/** An authenticator in software (WebAuthn Level 3, ES256), which says what it is told to of where it is, whether it verified its person and how often it has signed. */
export class Authenticator {
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private readonly id = randomBytes(16);
  counter = 0;
  isVerified = true;
  constructor(
    public origin: string,
    public rpId = new URL(origin).hostname,
  ) {}

  /** What `navigator.credentials.create` gives, as JSON. */
  make(challenge: string) {
    const { x = '', y = '' } = this.keys.publicKey.export({ format: 'jwk' });
    // COSE: kty EC2, alg ES256, crv P-256, x, y.
    const cose = [
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ];
    const data = Buffer.concat([
      this.data(ATTESTED),
      Buffer.alloc(16),
      Buffer.from([0, this.id.length]),
      this.id,
      ...cose,
    ]);
    // CBOR: {fmt: "none", attStmt: {}, authData: bytes}.
    const attestation = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex'),
      Buffer.from([0x59, data.length >> 8, data.length & 0xff]),
      data,
    ]);
    return {
      ...this.credential(),
      response: { clientDataJSON: this.client('webauthn.create', challenge), attestationObject: url(attestation) },
    };
  }

  /** What `navigator.credentials.get` gives, as JSON. */
  answer(challenge: string) {
    this.counter += 1;
    const clientDataJSON = this.client('webauthn.get', challenge);
    const data = this.data();
    const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
    const signature = sign('sha256', Buffer.concat([data, hash]), this.keys.privateKey);
    return {
      ...this.credential(),
      response: { clientDataJSON, authenticatorData: url(data), signature: url(signature) },
    };
  }

  private credential() {
    const id = url(this.id);
    return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} };
  }

  private client(type: string, challenge: string): string {
    return url(Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false })));
  }

  private data(more = 0): Buffer {
    const counted = Buffer.alloc(5);
    counted[0] = PRESENT | (this.isVerified ? VERIFIED : 0) | more;
    counted.writeUInt32BE(this.counter, 1);
    return Buffer.concat([createHash('sha256').update(this.rpId).digest(), counted]);
  }
}

function url(bytes: Buffer): string {
  return bytes.toString('base64url');
}
