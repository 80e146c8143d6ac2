/** Base64 (RFC 2045, section 6.8) makes four characters of three bytes, and a line break after 76 of them. */
const ENCODED_PER_BYTE = (4 / 3) * (78 / 76);

/** About how large a file is, in bytes, of which the server tells the size as it is transferred. */
export function toFileBytes(encodedSizeBytes: number): number {
	return encodedSizeBytes / ENCODED_PER_BYTE;
}
