/** Asks DNS block lists about clients. */
package org.posthorn.filter.dnsbl;
