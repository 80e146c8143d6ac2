import * as asn1 from 'node-forge/lib/asn1';
import { certificateError } from './fault';

/** One ASN.1 value. Reading it as what it is not throws `auth.certificate`. */
export class Asn1Value {
	readonly #value: asn1.Asn1;

	private constructor(value: asn1.Asn1) {
		this.#value = value;
	}

	/** DER, or BER with indefinite lengths as some tools write it. */
	static read(bytes: Buffer): Asn1Value {
		try {
			const options = { strict: true, parseAllBytes: true, decodeBitStrings: false };
			return new Asn1Value(asn1.fromDer(bytes.toString('latin1'), options));
		} catch (cause) {
			throw certificateError('damaged', undefined, cause);
		}
	}

	/** The parts of a SEQUENCE, a SET or an explicit tag. */
	get parts(): Asn1Value[] {
		const { value } = this.#value;
		if (typeof value === 'string') throw certificateError('damaged');
		return value.map((part) => new Asn1Value(part));
	}

	part(index: number): Asn1Value {
		const found = this.parts[index];
		if (found === undefined) throw certificateError('damaged');
		return found;
	}

	/** `1.2.840.113549.1.7.1` */
	get oid(): string {
		return asn1.derToOid(this.#universal(OBJECT_IDENTIFIER));
	}

	/** A count: 1 to 2^31 - 1. */
	get count(): number {
		const bytes = Buffer.from(this.#universal(INTEGER), 'latin1');
		if (bytes.length === 0 || bytes.length > 4) throw certificateError('tooMuchWork');
		const count = bytes.readIntBE(0, bytes.length);
		if (count < 1) throw certificateError('damaged');
		return count;
	}

	/** The content of an OCTET STRING, also of one in pieces, and of one whose tag is implicit. */
	get octets(): Buffer {
		const { value } = this.#value;
		if (typeof value === 'string') return Buffer.from(value, 'latin1');
		return Buffer.concat(this.parts.map(({ octets }) => octets));
	}

	get isSequence(): boolean {
		return this.#value.tagClass === UNIVERSAL && this.#value.type === SEQUENCE;
	}

	get isInteger(): boolean {
		return this.#value.tagClass === UNIVERSAL && this.#value.type === INTEGER;
	}

	toDer(): Buffer {
		return Buffer.from(asn1.toDer(this.#value).getBytes(), 'latin1');
	}

	#universal(type: number): string {
		const { tagClass, type: own, value } = this.#value;
		if (tagClass !== UNIVERSAL || own !== type || typeof value !== 'string') {
			throw certificateError('damaged');
		}
		return value;
	}
}

const UNIVERSAL = 0;
const INTEGER = 2;
const OBJECT_IDENTIFIER = 6;
const SEQUENCE = 16;
