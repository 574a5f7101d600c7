from corroborate_cli.main import main

main()
