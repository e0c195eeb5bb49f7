#!/bin/sh
# Students' homes into one file and back, as root: README.md beside this file.
#   backup.sh save FILE [HOMES]             all homes into a file that only root may read
#   backup.sh restore FILE LOGIN [HOMES]    one home; what is there now is kept beside it, for root alone
set -eu
umask 077
case "${1-}" in
    save)
        file=$2 homes=${3-/home}
        [ ! -e "$file" ] || { echo "$file is there already." >&2; exit 1; }
        # A server that runs while this reads may write: tar then says 1, and the file is good.
        tar --create --gzip --file "$file.part" --xattrs --acls --one-file-system --sparse --warning=no-file-changed \
            --exclude './*/.run' --exclude './*/.cache' --exclude './.restore-*' --exclude './*.gone-*' --exclude './*.before-*' \
            --directory "$homes" . || [ $? -eq 1 ]
        gzip --test "$file.part"
        mv "$file.part" "$file"
        ;;
    restore)
        file=$2 login=$3 homes=${4-/home}
        # The account first: tar gives files to a name, and to a number, which may be somebody else's, if there is no such name.
        id -u -- "$login" >/dev/null
        # Into a folder that only root enters: in a home, a student could put a link where root is about to write.
        room=$(mktemp -d "$homes/.restore-XXXXXX")
        trap 'rm -rf -- "$room"' EXIT
        tar --extract --file "$file" --xattrs --acls --same-owner --preserve-permissions --directory "$room" "./$login"
        if [ -e "$homes/$login" ]; then
            before=$homes/$login.before-$(date +%Y%m%d-%H%M%S)
            mv -T -- "$homes/$login" "$before"
            chown root:root -- "$before"
            echo "What was there is in $before"
        fi
        mv -T -- "$room/$login" "$homes/$login"
        ;;
    *)
        sed -n '3,4s/^# *//p' "$0" >&2
        exit 2
        ;;
esac
