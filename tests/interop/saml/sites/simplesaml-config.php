<?php
// Words in {braces} are filled in by the test.
$config = [
    'baseurlpath' => '{home}/simplesaml/',
    'certdir' => '{folder}/',
    'loggingdir' => '{folder}/',
    'datadir' => '{folder}/',
    'tempdir' => '{folder}/temporary',
    'technicalcontact_name' => 'Made for a test',
    'technicalcontact_email' => 'nobody@example.org',
    'timezone' => 'Europe/Amsterdam',
    'secretsalt' => 'obviously-not-a-secret-for-cookies',
    'auth.adminpassword' => 'obviously-not-a-secret',
    'logging.handler' => 'errorlog',
    'showerrors' => true,
    'enable.saml20-idp' => {idp},
    'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
    'store.type' => 'phpsession',
    'session.phpsession.savepath' => '{folder}/sessions',
    'session.phpsession.cookiename' => '{name}-session',
    'session.authtoken.cookiename' => '{name}-token',
    // Its cookie must come along with the answer, which is a form that another site posts.
    'session.cookie.samesite' => 'None',
    'session.cookie.secure' => true,
    'trusted.url.domains' => null,
    'language.default' => 'en',
    'metadatadir' => '{folder}/metadata',
    'metadata.sources' => [['type' => 'flatfile'], ['type' => 'xml', 'file' => '{folder}/partner.xml']],
];
