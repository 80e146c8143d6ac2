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
			const port = incoming?.protocol === 'pop3' ? 995 : 993;
			if (incoming) expect(incoming).toMatchObject({ port, security: 'tls' });
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
			'gmailPop3',
			'office365Imap',
			'office365Pop3',
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

	it('are told apart by the port where IMAP and POP3 share a host', () => {
		expect(findServiceOf('outlook.office365.com', 993)).toBe(servicePresets.office365Imap);
		expect(findServiceOf('outlook.office365.com', 995)).toBe(servicePresets.office365Pop3);
		expect(findServiceOf('pop.gmail.com', 110)).toBe(servicePresets.gmailPop3);
	});
});
