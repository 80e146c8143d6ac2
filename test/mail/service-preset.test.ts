import {
	emailServices,
	findServiceOf,
	providers,
	servicePresets,
	type ServicePreset,
} from '../../mail/service-preset';

const presets: Array<[string, ServicePreset]> = Object.entries(servicePresets);

describe('service presets', () => {
	it('offer only servers that protect the connection', () => {
		for (const [, { incoming, outgoing }] of presets) {
			for (const server of [incoming, outgoing]) {
				expect(['tls', 'starttls', undefined]).toContain(server?.security);
			}
		}
	});

	it('use the port that belongs to the security', () => {
		const usual = ['993 tls', '465 tls', '587 starttls', '25 starttls'];
		for (const [, { incoming, outgoing }] of presets) {
			if (incoming) expect(`${incoming.port} ${incoming.security}`).toBe('993 tls');
			if (outgoing) expect(usual).toContain(`${outgoing.port} ${outgoing.security}`);
		}
	});

	it('ask for the servers where the service is not known, and for the host of the relay', () => {
		expect(emailServices.at(-1)).toBe('other');
		expect(servicePresets.other).toEqual({ displayName: 'Other' });
		expect(servicePresets.office365Relay).not.toHaveProperty('incoming');
		expect(servicePresets.office365Relay.outgoing).not.toHaveProperty('host');
	});

	it('name both hosts of every provider', () => {
		expect(providers).toEqual([
			'gmailImap',
			'office365Imap',
			'yahoo',
			'icloud',
			'zoho',
			'fastmail',
		]);
		for (const provider of providers) {
			const { incoming, outgoing }: ServicePreset = servicePresets[provider];
			expect(incoming?.host).toMatch(/^[a-z0-9.]+\.com$/);
			expect(outgoing?.host).toMatch(/^smtp\.[a-z0-9.]+\.com$/);
		}
	});

	it('are found by host, however it is written', () => {
		expect(findServiceOf('IMAP.gmail.com.')).toBe(servicePresets.gmailImap);
		expect(findServiceOf('smtp.office365.com')).toBe(servicePresets.office365Imap);
		expect(findServiceOf('mail.example.com')).toBeUndefined();
	});
});
